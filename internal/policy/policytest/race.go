//go:build race

package policytest

// Race says that the race detector is on, which makes long searches many times slower: they try
// fewer cases then, and all of them where they run without it.
const Race = true
