package policy

import "testing"

func TestKindOf(t *testing.T) {
	tests := []struct {
		text string
		want Kind
	}{
		{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, IdentityBased},
		{`{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}`, IdentityBased},
		{`{"Effect":"Allow","Action":"sts:AssumeRole"}`, Trust},
		{`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"1"}}`, Trust},
		{`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"1"},"Resource":"*"}`, Trust},
		{`{"Effect":"Allow","Action":"ecr:BatchGetImage","Principal":{"AWS":"1"}}`, ResourceBased},
		{`{"Effect":"Deny","Action":"s3:*","NotResource":"a","NotPrincipal":{"AWS":"1"}}`, ResourceBased},
		{`{"Effect":"Deny","NotAction":"s3:*","NotResource":"a","NotPrincipal":{"AWS":"1"}}`, ResourceBased},
	}
	for _, tt := range tests {
		d, err := Parse([]byte(`{"Version":"2012-10-17","Statement":[` + tt.text + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := KindOf(d); got != tt.want {
			t.Errorf("KindOf(%s) = %s, want %s", tt.text, got, tt.want)
		}
	}
}
