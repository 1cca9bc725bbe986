package object

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
	"github.com/aegis-iam/aegis/internal/reader/token"
)

// ReadSettings takes the account and the region that the request names for its resources.
// Regions that limit where calls may go ("only in eu-west-1") are left to the constraints.
func (rd *Reading) ReadSettings() {
	rd.spokenRegions()
	var regions, accounts []int
	for i := range rd.Tokens {
		if _, ok := rd.Literal(i, token.RegionLiteral); ok && !rd.Tokens[i].Taken {
			regions = append(regions, i)
		}
		if _, ok := rd.Literal(i, token.AccountLiteral); ok && !rd.Tokens[i].Taken && !rd.isPrincipalAccount(i) {
			accounts = append(accounts, i)
		}
	}
	if len(regions) == 1 && !rd.isRail(regions[0]) {
		rd.Out.Region, _ = rd.Literal(regions[0], token.RegionLiteral)
		rd.Take("region of the resources", rd.settingFrom(regions[0], "region"), regions[0]+1)
	}
	if len(accounts) > 0 {
		rd.Out.Account, _ = rd.Literal(accounts[0], token.AccountLiteral)
		for _, i := range accounts {
			a, _ := rd.Literal(i, token.AccountLiteral)
			if !slices.Contains(rd.Accounts, a) {
				rd.Accounts = append(rd.Accounts, a)
			}
			rd.Take("account of the resources", rd.settingFrom(i, "account", "acct", "acc", "acc.", "aws"), i+1)
		}
	}
	for i := range rd.Tokens {
		if a, ok := rd.Literal(i, token.ARNLiteral); ok {
			rd.settingsOfARN(a)
		}
	}
}

// settingsOfARN: other resources of the request lie where its ARNs lie, unless it says more.
func (rd *Reading) settingsOfARN(text string) {
	parts, n := arn.Fields(text)
	if n < len(parts) {
		return
	}
	if rd.Out.Partition == "" && parts[1] != "aws" && parts[1] != "*" {
		rd.Out.Partition = parts[1]
	}
}

// spokenRegions turns "Frankfurt" and "us east 1" into region literals.
func (rd *Reading) spokenRegions() {
	for i := range rd.Tokens {
		for n := 3; n >= 1; n-- {
			if i+n > len(rd.Tokens) {
				continue
			}
			words := make([]string, n)
			plain := true
			for j := range words {
				words[j] = rd.Tokens[i+j].Lower
				plain = plain && !rd.Tokens[i+j].Taken && rd.Tokens[i+j].Kind != token.Entity || rd.Tokens[i+j].Lit.Kind == token.NumberLiteral
			}
			code, ok := rd.Lexicon.Region(strings.Join(words, " "))
			if !ok || !plain || n == 1 && rd.Tokens[i].Cased() == rd.Tokens[i].Lower && !rd.Word(i-1, "in", "region") {
				continue
			}
			rd.Tokens[i].Kind, rd.Tokens[i].Lit = token.Entity, token.Literal{Kind: token.RegionLiteral, Value: code}
			rd.Tokens[i].End = rd.Tokens[i+n-1].End
			rd.Take("region", i+1, i+n)
			for j := i + 1; j < i+n; j++ {
				rd.Tokens[j].Kind, rd.Tokens[j].Text = token.Word, ""
			}
			break
		}
	}
}

// isRail says that a region bounds where calls may be made, rather than where resources lie.
func (rd *Reading) isRail(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5; j-- {
		switch {
		case rd.Word(j, "outside", "except", "only", "limited", "restricted", "other", "anywhere", "besides", "confined"):
			return true
		case rd.Tokens[j].Kind == token.Punct && rd.Tokens[j].Text != ",":
			return false
		}
	}
	return rd.Word(i+1, "only")
}

// isPrincipalAccount says that an account number names who asks, not where the resources lie.
func (rd *Reading) isPrincipalAccount(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if rd.Word(j, "from", "by", "principals", "callers", "partner", "vendor", "trusted", "trust", "external") {
			return rd.Out.Kind == "trust" || rd.Out.Kind == "resource" || rd.Out.Kind == "rcp"
		}
	}
	return false
}

// settingFrom returns where the words that introduce a setting begin: "account", "in region".
func (rd *Reading) settingFrom(i int, words ...string) int {
	j := i
	for j > 0 && (rd.Word(j-1, words...) || rd.Word(j-1, "id", "no", "number", "no.", "#")) {
		j--
	}
	return j
}
