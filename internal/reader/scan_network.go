package reader

import (
	"cmp"
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/intent"
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

// scanAddresses reads source addresses and networks.
func (rd *reading) scanAddresses() {
	for i := 0; i < len(rd.tokens); i++ {
		if _, ok := rd.literal(i, addressLiteral); !ok || rd.tokens[i].taken {
			continue
		}
		values, end := rd.literals(i, addressLiteral)
		m := rd.mood(i)
		to := rd.after(end, &m)
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
func (rd *reading) addresses(m mood, to int, key string, networks []string) {
	rd.condition(m, to, "source address", intent.Constraint{Key: key, Values: networks})
	if last := &rd.where[len(rd.where)-1]; last.unless && key == "aws:SourceIp" {
		last := *last
		last.Constraint = intent.Constraint{Key: "aws:ViaAWSService", Values: []string{"true"}, Span: last.Span}
		rd.where = append(rd.where, last)
	}
}

// innerAddresses records private networks, which mean something only inside a VPC that is named.
func (rd *reading) innerAddresses(m mood, to int, networks []string) {
	for _, s := range rd.where {
		if s.Key == "aws:SourceVpc" || s.Key == "aws:SourceVpce" {
			rd.condition(m, to, "address inside the VPC", intent.Constraint{Key: "aws:VpcSourceIp", Values: networks})
			return
		}
	}
	rd.ask(rd.span(m.from, to), strings.Join(networks, ", ")+" is a private network: which VPC (vpc-…) or VPC endpoint (vpce-…) do the requests come through?")
	rd.take("private address", m.from, to)
}

// scanEndpoints reads VPCs and VPC endpoints that requests must come through.
func (rd *reading) scanEndpoints() {
	for i := 0; i < len(rd.tokens); i++ {
		kind, key := vpceLiteral, "aws:SourceVpce"
		if _, ok := rd.literal(i, vpcLiteral); ok {
			kind, key = vpcLiteral, "aws:SourceVpc"
		}
		if _, ok := rd.literal(i, kind); !ok || rd.tokens[i].taken {
			continue
		}
		values, end := rd.literals(i, kind)
		m := rd.mood(i)
		to := rd.after(end, &m)
		if !m.strict && !m.unless && !m.negated && !rd.within(m.from, i, "from", "via", "through", "over", "inside", "within", "network", "using", "when", "if", "comes", "coming", "endpoint") || rd.within(m.from, i, "id") {
			continue
		}
		to = rd.neverElse(to)
		rd.condition(m, to, "network", intent.Constraint{Key: key, Values: values})
		i = to - 1
	}
}

// neverElse takes a tail such as ", never directly" that only repeats a condition.
func (rd *reading) neverElse(i int) int {
	j := i
	for rd.punct(j, ",") || rd.word(j, "and", "but") {
		j++
	}
	if rd.word(j, "outside") && rd.word(j+1, "that", "this", "it", "these", "of") {
		if k := rd.pass(j+1, "of", "that", "this", "it", "these", "time", "window", "period", "dates"); rd.word(k, "nothing", "no", "none", "not") {
			rd.take("repeats the condition", i, k+1)
			return k + 1
		}
	}
	if rd.word(j, "nothing", "not", "never") && rd.word(j+1, "outside", "before", "after") && (rd.word(j+2, "that", "this", "it", "of") || rd.ends(j+2)) {
		k := rd.pass(j+1, "outside", "before", "after", "or", "of", "that", "this", "it", "window")
		rd.take("repeats the condition", i, k)
		return k
	}
	if rd.word(j, "never", "not", "no") {
		k := rd.pass(j+1, "by", "the", "a", "any")
		if rd.word(k, "directly", "direct", "hand", "elsewhere", "otherwise", "outside", "public", "internet") {
			k = rd.pass(k, "directly", "direct", "hand", "elsewhere", "otherwise", "outside", "public", "internet", "calls", "access")
			rd.take("repeats the condition", i, k)
			return k
		}
	}
	return i
}

// within says whether one of the words stands in [from, to).
func (rd *reading) within(from, to int, words ...string) bool {
	for i := max(from, 0); i < to; i++ {
		if rd.word(i, words...) {
			return true
		}
	}
	return false
}

// scanInstances reads "only from that instance itself".
func (rd *reading) scanInstances() {
	for i := range rd.tokens {
		if !rd.word(i, "instance", "box", "machine", "server") || !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		source := rd.word(i-1, "source") && rd.word(i+1, "arn")
		itself := rd.word(i+1, "itself") && rd.within(m.from, i, "from")
		if !source && !itself && !rd.word(i-1, "that", "this") || !rd.within(m.from, i, "from", "source") {
			continue
		}
		values := rd.instanceARNs()
		if len(values) == 0 {
			rd.ask(rd.span(m.from, i+1), "Which instance (i-…) must the calls come from?")
			continue
		}
		to := rd.pass(i+1, "itself", "arn", "count")
		if rd.punct(to, "(") && rd.word(to+1, "source") {
			to = rd.pass(to+1, "source", "instance", "arn")
		}
		m.strict = true
		rd.condition(m, to, "source instance", intent.Constraint{Key: "ec2:SourceInstanceARN", Values: values})
		return
	}
}

// instanceARNs writes the ARNs of the instances that the request names by their ids.
func (rd *reading) instanceARNs() []string {
	var out []string
	for _, t := range rd.tokens {
		if strings.HasPrefix(t.text, "i-") && len(t.text) > 9 && isHex(t.text[2:]) {
			out = append(out, "arn:"+cmp.Or(rd.out.Partition, "aws")+":ec2:"+cmp.Or(rd.out.Region, "*")+":"+cmp.Or(rd.out.Account, "*")+":instance/"+t.text)
		} else if v := t.lit.value; t.lit.kind == arnLiteral && strings.Contains(v, ":instance/") {
			out = append(out, v)
		}
	}
	return out
}

// scanMissing asks for what a condition needs and the request does not say.
func (rd *reading) scanMissing() {
	has := map[literalKind]bool{}
	for _, t := range rd.tokens {
		has[t.lit.kind] = true
	}
	for i := range rd.tokens {
		if !rd.free(i) {
			continue
		}
		m := rd.mood(i)
		way := rd.within(m.from, i, "from", "via", "through", "inside", "within", "outside", "over", "using")
		switch {
		case rd.word(i, "vpc") && rd.word(i+1, "condition", "restriction", "constraint", "requirement") && !has[vpcLiteral] && !has[vpceLiteral]:
			m.from = rd.backTo(i, "a", "an", "the", "add", "adds", "with", "and", "also", "include", "apply", "set", "put", "require", "want", "need", "source")
			rd.missing(m, i+2, "Which VPC (vpc-…) or VPC endpoint (vpce-…) must the requests come through?")
		case rd.word(i, "vpc", "vpcs") && way && !rd.word(i+1, "endpoint", "endpoints", "link", "console", "flow", "peering", "lattice") && !has[vpcLiteral] && !has[vpceLiteral]:
			rd.missing(m, i+1, "Which VPC (vpc-…) must the requests come from?")
		case rd.word(i, "endpoint", "endpoints", "vpce") && rd.word(i-1, "vpc", "interface", "gateway", "private") && way && !has[vpceLiteral]:
			rd.missing(m, i+1, "Which VPC endpoint (vpce-…) must the requests come through?")
		case rd.word(i, "office", "offices", "vpn", "corporate", "hq", "headquarters") && way && !has[addressLiteral]:
			rd.missing(m, rd.pass(i+1, "network", "networks", "ip", "ips", "range", "ranges", "addresses", "address"), "Which public IP addresses or networks (CIDR) may the requests come from?")
		case rd.word(i, "org", "organization", "organisation") && !has[orgLiteral] && rd.word(i-1, "our", "my", "the", "aws") && rd.within(m.from, i, "in", "inside", "within", "outside", "of", "from") && (m.strict || m.negated || m.unless || rd.word(m.from-1, "principals", "callers", "everyone", "anyone", "accounts", "account", "principal")):
			rd.missing(m, i+1, "What is the id of the organization (o-…)?")
		}
	}
}

func (rd *reading) missing(m mood, to int, question string) {
	rd.ask(rd.span(m.from, to), question)
	rd.take("needs an answer", m.from, to)
}
