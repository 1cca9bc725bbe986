package catalog

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	tests := []struct {
		name string
		want []string
	}{
		{"DBInstance", []string{"db", "instance"}},
		{"VPCEndpoints", []string{"vpc", "endpoints"}},
		{"PutItem", []string{"put", "item"}},
		{"IPv6CIDR", []string{"ipv6", "cidr"}},
		{"ListVPCs", []string{"list", "vpcs"}},
		{"DescribeVPCsNow", []string{"describe", "vpcs", "now"}},
		{"log-group", []string{"log", "group"}},
		{"loadbalancer/app/", []string{"loadbalancer", "app"}},
		{"code signing config", []string{"code", "signing", "config"}},
		{"S3Bucket", []string{"s3", "bucket"}},
		{"EC2Instance", []string{"ec2", "instance"}},
		{"CreateOpenIDConnectProvider", []string{"create", "open", "id", "connect", "provider"}},
		{"IoTThing", []string{"iot", "thing"}},
		{"DynamoDB", []string{"dynamodb"}},
		{"aws:SourceVpce", []string{"aws", "source", "vpce"}},
		{"AssociateViaAWSService-EventsAndStates", []string{"associate", "via", "aws", "service", "events", "and", "states"}},
		{"A", []string{"a"}},
		{"ABC", []string{"abc"}},
		{"", nil},
		{"--", nil},
		{"Zürich", []string{"zürich"}},
	}
	for _, tt := range tests {
		if got := Words(tt.name); !slices.Equal(got, tt.want) {
			t.Errorf("Words(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestStem(t *testing.T) {
	tests := map[string][]string{
		"table": {"tables", "table"}, "policy": {"policies", "policy"}, "query": {"queries", "querying", "queried"},
		"run": {"running", "runs"}, "delete": {"deleted", "deleting", "deletes"}, "use": {"using", "used", "uses"},
		"image": {"images", "imaging"}, "address": {"addresses", "address", "addressed"}, "status": {"status", "statuses"},
		"dns": {"dns"}, "aws": {"aws"}, "sqs": {"sqs"}, "access": {"access", "accesses", "accessing", "accessed"},
		"create": {"creating", "created", "creates"}, "update": {"updating", "updated"}, "tag": {"tagging", "tagged", "tags"},
		"list": {"listing", "listed", "lists"}, "stop": {"stopping", "stopped"}, "invoke": {"invoking", "invoked"},
		"encrypt": {"encrypted", "encrypting"}, "describe": {"describing"}, "manage": {"managing", "managed"},
		"cache": {"caches", "cached", "caching"}, "database": {"databases"}, "alias": {"aliases", "alias"},
		"index": {"indexes", "indices"}, "branch": {"branches"}, "batch": {"batches"}, "key": {"keys"}, "vpc": {"vpcs"},
		"encode": {"encoding"}, "upload": {"uploading", "uploaded"}, "archive": {"archiving", "archived", "archives"},
		"receive": {"receiving"}, "publish": {"publishing"}, "subscribe": {"subscribing", "subscribed"},
		"schedule": {"scheduled", "scheduling"}, "scale": {"scaling"}, "configure": {"configured"}, "restore": {"restoring"},
		"monitor": {"monitoring"}, "enter": {"entering"}, "decode": {"decoding"}, "add": {"adding", "added"},
		"attach": {"attaching"}, "release": {"releasing"}, "execute": {"executing"}, "route": {"routing"},
		"write": {"writing"}, "edit": {"editing"}, "audit": {"auditing"}, "limit": {"limited"}, "target": {"targeted"},
		"process": {"processing", "processes"}, "replace": {"replacing"}, "change": {"changing"}, "purge": {"purging"},
		"rename": {"renaming"}, "define": {"defined"}, "maintain": {"maintaining"}, "join": {"joining"}, "log": {"logs", "logging"},
		"string": {"string", "strings"}, "need": {"needed", "need"}, "analyze": {"analyzing"}, "authorize": {"authorizing"},
		"copy": {"copies", "copied", "copying"}, "kinesis": {"kinesis"}, "api": {"apis"}, "role": {"roles"}, "queue": {"queues", "queuing"},
		"signal": {"signaled"}, "cancel": {"canceled", "cancelled"}, "enable": {"enabling", "enabled", "enables"}, "deploy": {"deployed"},
		"import": {"imported"}, "refresh": {"refreshes"}, "box": {"boxes"}, "response": {"responses"}, "size": {"sizes"},
		"finding": {"findings"}, "setting": {"settings"}, "type": {"typing"}, "group": {"grouped"}, "link": {"linked"}, "revoke": {"revoking"},
	}
	for want, words := range tests {
		for _, word := range append(words, want) {
			if got := Stem(word); got != want {
				t.Errorf("Stem(%q) = %q, want %q", word, got, want)
			}
		}
	}
}

// A stem that is stemmed again must not change: both sides of a look-up may do it.
func TestStemTwice(t *testing.T) {
	for _, term := range Default().terms() {
		if again := Stem(term); again != term {
			t.Errorf("Stem(%q) = %q, want it unchanged", term, again)
		}
	}
}
