package catalog

import "testing"

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(embedded); err != nil {
			b.Fatal(err)
		}
	}
}

// The service with the largest block.
func BenchmarkDecodeService(b *testing.B) {
	c := Default()
	i, _ := c.find("ec2")
	terms := c.terms()
	b.ReportAllocs()
	for b.Loop() {
		if decodeService(c.entries[i], terms) == nil {
			b.Fatal("ec2 is damaged")
		}
	}
}

func BenchmarkDecodeAll(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := Parse(embedded)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Check(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAction(b *testing.B) {
	for b.Loop() {
		if _, ok := Default().Action("ec2:runinstances"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkExpand(b *testing.B) {
	for b.Loop() {
		if len(Default().Expand("ec2:Describe*")) == 0 {
			b.Fatal("nothing found")
		}
	}
}

func BenchmarkSearchIndex(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newSearchIndex(Default())
	}
}

func BenchmarkSearch(b *testing.B) {
	c := Default()
	c.Search("warm up", 1)
	b.ReportAllocs()
	for b.Loop() {
		c.Search("put a retention policy on the log group", 10)
	}
}
