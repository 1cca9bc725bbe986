package app

import (
	_ "embed"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aegis-iam/aegis/internal/batch"
	"github.com/aegis-iam/aegis/internal/catalog"
	"github.com/aegis-iam/aegis/internal/generate"
)

//go:embed testdata/requests.txt
var requestList string

func requests() []string { return strings.Split(strings.TrimSpace(requestList), "\n") }

// BenchmarkGenerateWarm answers varied requests, tests included; p50 and p99 are the bounds
// that the design names.
func BenchmarkGenerateWarm(b *testing.B) {
	program, words := New(catalog.Default()), requests()
	for _, w := range words {
		if _, err := program.Generate(b.Context(), generate.Request{Words: w}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if _, err := program.Generate(b.Context(), generate.Request{Words: words[i%len(words)]}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkBatch answers the requests as a batch does, on all cores.
func BenchmarkBatch(b *testing.B) {
	program := New(catalog.Default())
	var lines strings.Builder
	for _, w := range requests() {
		lines.WriteString(`{"request": "` + w + "\"}\n")
	}
	n := 0
	for b.Loop() {
		s, err := program.Batch(b.Context(), batch.JSONL(strings.NewReader(lines.String())), BatchOptions{
			Emit: func(r *batch.Result) error { _, err := io.Discard.Write(r.Text); return err },
		})
		if err != nil {
			b.Fatal(err)
		}
		n += s.Records
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "requests/s")
}
