package terminal

import (
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

// progressStep is how many records pass between two drawings: often enough to move, too seldom
// to cost anything.
const progressStep = 64

const progressWidth = 30

// A Progress draws how far a batch is.
type Progress struct {
	out    io.Writer // nil: there is nobody to look
	size   int64
	read   atomic.Int64
	done   int
	broken bool
}

// NewProgress returns a progress bar if out is a terminal. Without the size of the input it
// shows only a number.
func NewProgress(out io.Writer, size int64, quiet bool) *Progress {
	p := &Progress{size: size}
	if !quiet && Is(out) {
		p.out = out
	}
	return p
}

// Watch returns a reader that counts what is read of in.
func (p *Progress) Watch(in io.Reader) io.Reader {
	return readerFunc(func(b []byte) (int, error) {
		n, err := in.Read(b)
		p.read.Add(int64(n))
		return n, err
	})
}

// Add counts one record.
func (p *Progress) Add() {
	p.done++
	if p.done%progressStep == 0 {
		p.draw()
	}
}

// draw writes the bar over the one before. A terminal that is gone is no reason to stop.
func (p *Progress) draw() {
	if p.out == nil || p.broken {
		return
	}
	bar := ""
	if p.size > 0 {
		full := int(min(p.read.Load(), p.size) * progressWidth / p.size)
		bar = "[" + strings.Repeat("=", full) + strings.Repeat(" ", progressWidth-full) + "] "
	}
	_, err := fmt.Fprintf(p.out, "\r\x1b[K%s%d", bar, p.done)
	p.broken = err != nil
}

// End takes the bar away.
func (p *Progress) End() {
	if p.out != nil && p.done >= progressStep && !p.broken {
		_, err := io.WriteString(p.out, "\r\x1b[K")
		p.broken = err != nil
	}
}

// A readerFunc is a function as an io.Reader.
type readerFunc func([]byte) (int, error)

// Read calls the function.
func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
