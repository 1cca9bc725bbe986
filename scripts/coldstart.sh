#!/bin/sh
# coldstart.sh [PROGRAM] [RUNS]: how long the program takes from its start to the last byte, and
# how much memory at most, for one request. The bounds are 80 ms and 96 MiB.
set -eu

program=${1:-./aegis}
runs=${2:-30}
request='our lambda reads the dynamodb table orders in eu-west-1 and uploads to the bucket media'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

i=0
while [ "$i" -lt "$runs" ]; do
	# The exit code is 1 where the answer is a question, which takes as long.
	/usr/bin/time -a -o "$folder/times" -f '%e %M' "$program" generate --quiet "$request" >"$folder/out" || true
	i=$((i + 1))
done
grep -v '^Command' "$folder/times" | sort -n | awk '
	{ time[NR] = $1 * 1000; if ($2 > memory) memory = $2 }
	END {
		printf "wall: fastest %d ms, median %d ms, slowest %d ms; memory: at most %.1f MiB\n", time[1], time[int((NR + 1) / 2)], time[NR], memory / 1024
		if (time[int((NR + 1) / 2)] > 80 || memory > 96 * 1024) { print "over the bounds of 80 ms and 96 MiB"; exit 1 }
	}'
