package origin

import (
	"cmp"
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// private are the networks that no request from the internet comes from: AWS compares them
// with aws:VpcSourceIp, never with aws:SourceIp.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fd00::/8"),
}

// network writes an address as a network and says whether it is a private one.
func network(text string) (string, bool) {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return text, false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	for _, n := range private {
		if n.Overlaps(p) && n.Bits() <= p.Bits() {
			return p.String(), true
		}
	}
	return p.String(), false
}

// ScanAddresses reads source addresses and networks.
func (rd *Reading) ScanAddresses() {
	for i := 0; i < len(rd.Tokens); i++ {
		if _, ok := rd.Literal(i, token.AddressLiteral); !ok || rd.Tokens[i].Taken {
			continue
		}
		values, end := rd.literals(i, token.AddressLiteral)
		m := rd.Mood(i)
		to := rd.After(end, &m)
		var public, inner []string
		for _, v := range values {
			if n, in := network(v); in {
				inner = append(inner, n)
			} else {
				public = append(public, n)
			}
		}
		if len(public) > 0 {
			rd.addresses(m, to, "aws:SourceIp", public)
		}
		if len(inner) > 0 {
			rd.innerAddresses(m, to, inner)
		}
		i = to - 1
	}
}

// addresses records source networks; a Deny by address spares the calls that AWS services make.
func (rd *Reading) addresses(m Mood, to int, key string, networks []string) {
	rd.Condition(m, to, "source address", intent.Constraint{Key: key, Values: networks})
	if last := &rd.Where[len(rd.Where)-1]; last.Unless && key == "aws:SourceIp" {
		last := *last
		last.Constraint = intent.Constraint{Key: "aws:ViaAWSService", Values: []string{"true"}, Span: last.Span}
		rd.Where = append(rd.Where, last)
	}
}

// innerAddresses records private networks, which mean something only inside a VPC that is named.
func (rd *Reading) innerAddresses(m Mood, to int, networks []string) {
	for _, s := range rd.Where {
		if s.Key == "aws:SourceVpc" || s.Key == "aws:SourceVpce" {
			rd.Condition(m, to, "address inside the VPC", intent.Constraint{Key: "aws:VpcSourceIp", Values: networks})
			return
		}
	}
	rd.Ask(rd.Span(m.From, to), strings.Join(networks, ", ")+" is a private network: which VPC (vpc-…) or VPC endpoint (vpce-…) do the requests come through?")
	rd.Take("private address", m.From, to)
}

// ScanEndpoints reads VPCs and VPC endpoints that requests must come through.
func (rd *Reading) ScanEndpoints() {
	for i := 0; i < len(rd.Tokens); i++ {
		kind, key := token.VPCELiteral, "aws:SourceVpce"
		if _, ok := rd.Literal(i, token.VPCLiteral); ok {
			kind, key = token.VPCLiteral, "aws:SourceVpc"
		}
		if _, ok := rd.Literal(i, kind); !ok || rd.Tokens[i].Taken {
			continue
		}
		values, end := rd.literals(i, kind)
		m := rd.Mood(i)
		to := rd.After(end, &m)
		if !m.Strict && !m.Unless && !m.Negated && !rd.Within(m.From, i, "from", "via", "through", "over", "inside", "within", "network", "using", "when", "if", "comes", "coming", "endpoint") || rd.Within(m.From, i, "id") {
			continue
		}
		to = rd.NeverElse(to)
		rd.Condition(m, to, "network", intent.Constraint{Key: key, Values: values})
		i = to - 1
	}
}

// NeverElse takes a tail such as ", never directly" that only repeats a condition.
func (rd *Reading) NeverElse(i int) int {
	j := i
	for rd.Punct(j, ",") || rd.Word(j, "and", "but") {
		j++
	}
	if rd.Word(j, "outside") && rd.Word(j+1, "that", "this", "it", "these", "of") {
		if k := rd.Pass(j+1, "of", "that", "this", "it", "these", "time", "window", "period", "dates"); rd.Word(k, "nothing", "no", "none", "not") {
			rd.Take("repeats the condition", i, k+1)
			return k + 1
		}
	}
	if rd.Word(j, "nothing", "not", "never") && rd.Word(j+1, "outside", "before", "after") && (rd.Word(j+2, "that", "this", "it", "of") || rd.Ends(j+2)) {
		k := rd.Pass(j+1, "outside", "before", "after", "or", "of", "that", "this", "it", "window")
		rd.Take("repeats the condition", i, k)
		return k
	}
	if rd.Word(j, "never", "not", "no") {
		k := rd.Pass(j+1, "by", "the", "a", "any")
		if rd.Word(k, "directly", "direct", "hand", "elsewhere", "otherwise", "outside", "public", "internet") {
			k = rd.Pass(k, "directly", "direct", "hand", "elsewhere", "otherwise", "outside", "public", "internet", "calls", "access")
			rd.Take("repeats the condition", i, k)
			return k
		}
	}
	return i
}

// ScanInstances reads "only from that instance itself".
func (rd *Reading) ScanInstances() {
	for i := range rd.Tokens {
		if !rd.Word(i, "instance", "box", "machine", "server") || !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		source := rd.Word(i-1, "source") && rd.Word(i+1, "arn")
		itself := rd.Word(i+1, "itself") && rd.Within(m.From, i, "from")
		if !source && !itself && !rd.Word(i-1, "that", "this") || !rd.Within(m.From, i, "from", "source") {
			continue
		}
		values := rd.instanceARNs()
		if len(values) == 0 {
			rd.Ask(rd.Span(m.From, i+1), "Which instance (i-…) must the calls come from?")
			continue
		}
		to := rd.Pass(i+1, "itself", "arn", "count")
		if rd.Punct(to, "(") && rd.Word(to+1, "source") {
			to = rd.Pass(to+1, "source", "instance", "arn")
		}
		m.Strict = true
		rd.Condition(m, to, "source instance", intent.Constraint{Key: "ec2:SourceInstanceARN", Values: values})
		return
	}
}

// instanceARNs writes the ARNs of the instances that the request names by their ids.
func (rd *Reading) instanceARNs() []string {
	var out []string
	for _, t := range rd.Tokens {
		if strings.HasPrefix(t.Text, "i-") && len(t.Text) > 9 && token.IsHex(t.Text[2:]) {
			out = append(out, "arn:"+cmp.Or(rd.Out.Partition, "aws")+":ec2:"+cmp.Or(rd.Out.Region, "*")+":"+cmp.Or(rd.Out.Account, "*")+":instance/"+t.Text)
		} else if v := t.Lit.Value; t.Lit.Kind == token.ARNLiteral && strings.Contains(v, ":instance/") {
			out = append(out, v)
		}
	}
	return out
}

// ScanMissing asks for what a condition needs and the request does not say.
func (rd *Reading) ScanMissing() {
	has := map[token.LiteralKind]bool{}
	for _, t := range rd.Tokens {
		has[t.Lit.Kind] = true
	}
	for i := range rd.Tokens {
		if !rd.Free(i) {
			continue
		}
		m := rd.Mood(i)
		way := rd.Within(m.From, i, "from", "via", "through", "inside", "within", "outside", "over", "using")
		switch {
		case rd.Word(i, "vpc") && rd.Word(i+1, "condition", "restriction", "constraint", "requirement") && !has[token.VPCLiteral] && !has[token.VPCELiteral]:
			m.From = rd.BackTo(i, "a", "an", "the", "add", "adds", "with", "and", "also", "include", "apply", "set", "put", "require", "want", "need", "source")
			rd.missing(m, i+2, "Which VPC (vpc-…) or VPC endpoint (vpce-…) must the requests come through?")
		case rd.Word(i, "vpc", "vpcs") && way && !rd.Word(i+1, "endpoint", "endpoints", "link", "console", "flow", "peering", "lattice") && !has[token.VPCLiteral] && !has[token.VPCELiteral]:
			rd.missing(m, i+1, "Which VPC (vpc-…) must the requests come from?")
		case rd.Word(i, "endpoint", "endpoints", "vpce") && rd.Word(i-1, "vpc", "interface", "gateway", "private") && way && !has[token.VPCELiteral]:
			rd.missing(m, i+1, "Which VPC endpoint (vpce-…) must the requests come through?")
		case rd.Word(i, "office", "offices", "vpn", "corporate", "hq", "headquarters") && way && !has[token.AddressLiteral]:
			rd.missing(m, rd.Pass(i+1, "network", "networks", "ip", "ips", "range", "ranges", "addresses", "address"), "Which public IP addresses or networks (CIDR) may the requests come from?")
		case rd.Word(i, "org", "organization", "organisation") && !has[token.OrgLiteral] && rd.Word(i-1, "our", "my", "the", "aws") && rd.Within(m.From, i, "in", "inside", "within", "outside", "of", "from") && (m.Strict || m.Negated || m.Unless || rd.Word(m.From-1, "principals", "callers", "everyone", "anyone", "accounts", "account", "principal")):
			rd.missing(m, i+1, "What is the id of the organization (o-…)?")
		}
	}
}

func (rd *Reading) missing(m Mood, to int, question string) {
	rd.Ask(rd.Span(m.From, to), question)
	rd.Take("needs an answer", m.From, to)
}
