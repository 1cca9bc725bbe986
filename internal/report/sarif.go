package report

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/aegis-iam/aegis/internal/finding"
	"github.com/aegis-iam/aegis/internal/plainjson"
)

// The parts of SARIF 2.1.0 that are used: OASIS standard "Static Analysis Results Interchange
// Format (SARIF) Version 2.1.0".
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
		Invocations []sarifInvocation `json:"invocations"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"semanticVersion,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string          `json:"id"`
		ShortDescription sarifText       `json:"shortDescription"`
		HelpURI          string          `json:"helpUri"`
		Configuration    sarifLevel      `json:"defaultConfiguration"`
		Properties       sarifProperties `json:"properties"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags     []string `json:"tags"`
		Severity string   `json:"security-severity,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
)

// SARIF writes a report as a log of SARIF 2.1.0, for code scanning.
func SARIF(w io.Writer, r *Report) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{
		Name: "aegis", Version: r.Version, InformationURI: "https://github.com/aegis-iam/aegis", Rules: []sarifRule{},
	}
	if !strings.Contains(r.Version, ".") {
		run.Tool.Driver.Version = "" // a build without a release
	}
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(rule))
	}
	invocation := sarifInvocation{Successful: true, Notifications: []sarifNotification{}}
	for i := range r.Files {
		f := &r.Files[i]
		if f.Err != nil {
			invocation.Successful = false
			invocation.Notifications = append(invocation.Notifications, sarifNotification{"error", sarifText{f.Name + ": " + f.Err.Error()}})
		}
		for k := range f.Findings {
			run.Results = append(run.Results, sarifResultOf(f, &f.Findings[k], index))
		}
	}
	run.Invocations = []sarifInvocation{invocation}
	return plainjson.WriteIndented(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sarifRuleOf(r RuleInfo) sarifRule {
	p := sarifProperties{Tags: append([]string{"iam"}, r.Aliases...)}
	if r.Severity == finding.Security {
		p.Tags = append([]string{"security"}, p.Tags...)
		p.Severity = "7.0"
	}
	return sarifRule{r.ID, sarifText{r.Summary}, Page(r.ID), sarifLevel{sarifLevelOf(r.Severity)}, p}
}

func sarifLevelOf(s finding.Severity) string {
	switch s {
	case finding.Error, finding.Security:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "note"
}

func sarifResultOf(f *File, x *finding.Finding, index map[string]int) sarifResult {
	location := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: filepath.ToSlash(f.Name)}).String()}}}
	if x.Position.Line > 0 {
		start, end := runes(f, x)
		location.Physical.Region = &sarifRegion{x.Position.Line, start, end}
	}
	if x.Path != "" {
		location.Logical = []sarifLogical{{x.Path}}
	}
	return sarifResult{
		RuleID: x.Rule, RuleIndex: index[x.Rule], Level: sarifLevelOf(x.Severity), Message: sarifText{plainText(x)},
		Locations:    []sarifLocation{location},
		Fingerprints: map[string]string{"aegis/v1": x.Rule + ":" + x.Path + ":" + x.Sid},
	}
}

// plainText is a finding's message with its notes and witness, a line each.
func plainText(x *finding.Finding) string {
	lines := append([]string{x.Message}, x.Notes...)
	if x.Witness != nil {
		lines = append(lines, "request: "+x.Witness.String())
	}
	if x.Fix != nil {
		lines = append(lines, "fix: "+x.Fix.Title)
	}
	return strings.Join(lines, "\n")
}

// runes returns the columns of a finding counted in characters.
func runes(f *File, x *finding.Finding) (start, end int) {
	line := f.Text.Line(x.Position.Line)
	count := func(column int) int { return len([]rune(line[:min(max(column-1, 0), len(line))])) + 1 }
	return count(x.Position.Column), count(f.Text.End(x.Position).Column)
}
