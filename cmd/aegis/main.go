// Command aegis turns plain words into AWS IAM policies.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/aegis-iam/aegis/internal/cli"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// Once the work has been told to end, a second interrupt ends the program at once.
	context.AfterFunc(ctx, stop)
	return cli.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
