package reader

import (
	"slices"
	"strings"

	"github.com/aegis-iam/aegis/internal/arn"
)

// readSettings takes the account and the region that the request names for its resources.
// Regions that limit where calls may go ("only in eu-west-1") are left to the constraints.
func (rd *reading) readSettings() {
	rd.spokenRegions()
	var regions, accounts []int
	for i := range rd.tokens {
		if _, ok := rd.literal(i, regionLiteral); ok && !rd.tokens[i].taken {
			regions = append(regions, i)
		}
		if _, ok := rd.literal(i, accountLiteral); ok && !rd.tokens[i].taken && !rd.isPrincipalAccount(i) {
			accounts = append(accounts, i)
		}
	}
	if len(regions) == 1 && !rd.isRail(regions[0]) {
		rd.out.Region, _ = rd.literal(regions[0], regionLiteral)
		rd.take("region of the resources", rd.settingFrom(regions[0], "region"), regions[0]+1)
	}
	if len(accounts) > 0 {
		rd.out.Account, _ = rd.literal(accounts[0], accountLiteral)
		for _, i := range accounts {
			a, _ := rd.literal(i, accountLiteral)
			if !slices.Contains(rd.accounts, a) {
				rd.accounts = append(rd.accounts, a)
			}
			rd.take("account of the resources", rd.settingFrom(i, "account", "acct", "acc", "acc.", "aws"), i+1)
		}
	}
	for i := range rd.tokens {
		if a, ok := rd.literal(i, arnLiteral); ok {
			rd.settingsOfARN(a)
		}
	}
}

// settingsOfARN: other resources of the request lie where its ARNs lie, unless it says more.
func (rd *reading) settingsOfARN(text string) {
	parts, n := arn.Fields(text)
	if n < len(parts) {
		return
	}
	if rd.out.Partition == "" && parts[1] != "aws" && parts[1] != "*" {
		rd.out.Partition = parts[1]
	}
}

// spokenRegions turns "Frankfurt" and "us east 1" into region literals.
func (rd *reading) spokenRegions() {
	for i := range rd.tokens {
		for n := 3; n >= 1; n-- {
			if i+n > len(rd.tokens) {
				continue
			}
			words := make([]string, n)
			plain := true
			for j := range words {
				words[j] = rd.tokens[i+j].lower
				plain = plain && !rd.tokens[i+j].taken && rd.tokens[i+j].kind != entityToken || rd.tokens[i+j].lit.kind == numberLiteral
			}
			code, ok := rd.Lexicon.Region(strings.Join(words, " "))
			if !ok || !plain || n == 1 && rd.tokens[i].text == rd.tokens[i].lower && !rd.word(i-1, "in", "region") {
				continue
			}
			rd.tokens[i].kind, rd.tokens[i].lit = entityToken, literal{kind: regionLiteral, value: code}
			rd.tokens[i].end = rd.tokens[i+n-1].end
			rd.take("region", i+1, i+n)
			for j := i + 1; j < i+n; j++ {
				rd.tokens[j].kind, rd.tokens[j].text = wordToken, ""
			}
			break
		}
	}
}

// isRail says that a region bounds where calls may be made, rather than where resources lie.
func (rd *reading) isRail(i int) bool {
	for j := i - 1; j >= 0 && j >= i-5; j-- {
		switch {
		case rd.word(j, "outside", "except", "only", "limited", "restricted", "other", "anywhere", "besides", "confined"):
			return true
		case rd.tokens[j].kind == punctToken && rd.tokens[j].text != ",":
			return false
		}
	}
	return rd.word(i+1, "only")
}

// isPrincipalAccount says that an account number names who asks, not where the resources lie.
func (rd *reading) isPrincipalAccount(i int) bool {
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		if rd.word(j, "from", "by", "principals", "callers", "partner", "vendor", "trusted", "trust", "external") {
			return rd.out.Kind == "trust" || rd.out.Kind == "resource" || rd.out.Kind == "rcp"
		}
	}
	return false
}

// settingFrom returns where the words that introduce a setting begin: "account", "in region".
func (rd *reading) settingFrom(i int, words ...string) int {
	j := i
	for j > 0 && (rd.word(j-1, words...) || rd.word(j-1, "id", "no", "number", "no.", "#")) {
		j--
	}
	return j
}
