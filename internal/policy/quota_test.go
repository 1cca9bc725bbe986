package policy

import (
	"strings"
	"testing"
)

func TestQuotas(t *testing.T) {
	seen := map[string]bool{}
	for _, q := range Quotas() {
		id := string(q.Kind) + " " + q.Holder
		if seen[id] || q.Limit < 1000 || q.Maximum < q.Limit || !strings.HasPrefix(q.Source, "https://docs.aws.amazon.com/") ||
			q.Counting != CountNonSpace && q.Counting != CountCharacters && q.Counting != CountBytes {
			t.Errorf("quota %q is wrong: %+v", id, q)
		}
		seen[id] = true
	}
	for _, tt := range []struct {
		kind   Kind
		holder string
		limit  int
	}{
		{IdentityBased, "managed", 6144}, {IdentityBased, "user", 2048}, {IdentityBased, "group", 5120},
		{IdentityBased, "role", 10240}, {PermissionsBoundary, "", 6144}, {Trust, "", 2048}, {SessionPolicy, "", 2048},
		{ServiceControl, "", 10240}, {ResourceControl, "", 5120}, {ResourceBased, "s3", 20480},
		{ResourceBased, "sqs", 8192}, {ResourceBased, "kms", 32768},
	} {
		if q, ok := QuotaOf(tt.kind, tt.holder); !ok || q.Limit != tt.limit {
			t.Errorf("QuotaOf(%q, %q) = %+v, %v, want limit %d", tt.kind, tt.holder, q, ok, tt.limit)
		}
	}
	if q, ok := QuotaOf(ResourceBased, "nothing"); ok {
		t.Errorf("QuotaOf(resource, nothing) = %+v, want none", q)
	}
}

func TestReadQuotasErrors(t *testing.T) {
	for _, table := range []string{"a\tb", "k\th\tx\t1\tbytes\ts", "k\th\t1\tx\tbytes\ts"} {
		if got, err := readQuotas(table); err == nil {
			t.Errorf("readQuotas(%q) = %v, want an error", table, got)
		}
	}
}

func TestCountingSize(t *testing.T) {
	tests := []struct {
		text                      string
		nonSpace, characters, all int
	}{
		{"", 0, 0, 0},
		{"{ \"a\" :\r\n\t1 }", 7, 13, 13},
		{`{"a b": "é\" c"}`, 15, 16, 17},
	}
	for _, tt := range tests {
		for c, want := range map[Counting]int{CountNonSpace: tt.nonSpace, CountCharacters: tt.characters, CountBytes: tt.all} {
			if got := c.Size([]byte(tt.text)); got != want {
				t.Errorf("%q.Size(%q) = %d, want %d", c, tt.text, got, want)
			}
		}
	}
	d, err := Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Size(), CountNonSpace.Size(d.JSON()); got != want {
		t.Errorf("Size() = %d, want the %d characters of JSON()", got, want)
	}
}
