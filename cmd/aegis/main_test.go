package main

import (
	"os"
	"testing"
)

// asProgram is set in the environment of the processes that tests start of their own binary: these
// are the program.
const asProgram = "AEGIS_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}
