package power

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"

	"github.com/aegis-iam/aegis/internal/condition"
	"github.com/aegis-iam/aegis/internal/policy"
)

// Stranger returns the box of the requests of strangers: of an account that a document does not
// name, from no network, organization, account or resource that it names. What strangers choose
// themselves, such as the names of their roles, sessions and buckets, is open. Which keys tie a
// policy to somebody is from the Amazon S3 User Guide, "The meaning of public" (access-control-block-public-access),
// and the page reference_policies_condition-keys: a request of a stranger lacks them, or has
// values that the policy cannot name.
func Stranger(d *policy.Document) policy.Statement {
	account := absent(d)
	organization := "o-" + account[:10]
	one := func(operator, value string, keys ...string) []policy.Condition {
		var out []policy.Condition
		for _, key := range keys {
			out = append(out, policy.Condition{Operator: operator, Key: key, Values: texts(strings.Fields(value))})
		}
		return out
	}
	arns := "arn:*:*:*:" + account + ":*"
	box := policy.Statement{Principal: &policy.Principal{AWS: []policy.Text{{Text: account}}}}
	for _, conditions := range [][]policy.Condition{
		one("StringEqualsIfExists", account, "aws:PrincipalAccount", "aws:SourceAccount", "aws:SourceOwner", "aws:VpceAccount",
			"kms:CallerAccount", "s3:DataAccessPointAccount"),
		one("StringEqualsIfExists", organization, "aws:PrincipalOrgID", "aws:SourceOrgID", "aws:VpceOrgID"),
		one("ForAllValues:StringLikeIfExists", organization+"/*", "aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths"),
		one("ArnLikeIfExists", arns, "aws:PrincipalArn", "aws:SourceVpcArn", "s3:DataAccessPointArn"),
		one("ArnLikeIfExists", arns+" arn:*:s3:::"+unnamed, "aws:SourceArn"),
		one("StringEqualsIfExists", "vpc-"+account, "aws:SourceVpc", "aws:Ec2InstanceSourceVpc"),
		one("StringEqualsIfExists", "vpce-"+account, "aws:SourceVpce"),
		one("StringLikeIfExists", "AIDA"+account+" AROA"+account+":*", "aws:userid"),
		one("Null", "true", "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList"),
		one("BoolIfExists", "false", "aws:PrincipalIsAWSService"),
	} {
		box.Conditions = append(box.Conditions, conditions...)
	}
	if near := networks(d); len(near) > 0 {
		box.Conditions = append(box.Conditions, policy.Condition{Operator: "NotIpAddressIfExists", Key: "aws:SourceIp", Values: near})
	}
	return box
}

// absent returns an account that stands nowhere in the document.
func absent(d *policy.Document) string {
	text := d.Compact()
	for n := 999999999999; ; n-- {
		if account := fmt.Sprint(n); !bytes.Contains(text, []byte(account)) {
			return account
		}
	}
}

// Ranges that are wider than these are no network of anybody's: the same page.
const widest4, widest6 = 8, 32

// networks returns the ranges of addresses that the document names, those apart that are too
// wide to tell anybody.
func networks(d *policy.Document) []policy.Text {
	var out []policy.Text
	for _, s := range d.Statements {
		for _, c := range s.Conditions {
			o, err := condition.ParseOperator(c.Operator)
			if err != nil || o.Base.Family() != condition.AddressFamily || !strings.EqualFold(c.Key, "aws:SourceIp") {
				continue
			}
			for _, v := range c.Values {
				r, err := netip.ParsePrefix(v.Text)
				if err != nil || r.Addr().Is4() && r.Bits() >= widest4 || r.Addr().Is6() && r.Bits() >= widest6 {
					out = append(out, v)
				}
			}
		}
	}
	return out
}
