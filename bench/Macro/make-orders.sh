#!/bin/bash
# make-orders.sh SERVER FOLDER
#   Writes the binlogs that `decode` reads: FOLDER/inserts.binlog and FOLDER/updates.binlog, 1,000,000 rows each.
#   SERVER: a folder with bin/run-server, bin/mariadb and bin/mariadb-admin. Port 33951 must be free.
set -eu
[ $# -eq 2 ] || { sed -n '2,4p' "$0" >&2; exit 2; }
server=$1; mkdir -p "$2"; folder=$(cd "$2" && pwd); data=$(mktemp -d)
client=("$server/bin/mariadb" --no-defaults -uroot -h127.0.0.1 -P33951)
PORT=33951 "$server/bin/run-server" "$data" --max-binlog-size=1073741824 --binlog-row-metadata=MINIMAL > "$folder/server.log" 2>&1 &
for _ in $(seq 100); do "${client[@]}" -e 'select 1' > /dev/null 2>&1 && break; sleep 0.3; done
"${client[@]}" < "$(dirname "$0")/orders.sql"
cp "$data/binlog.000001" "$folder/inserts.binlog"; cp "$data/binlog.000002" "$folder/updates.binlog"
"$server/bin/mariadb-admin" --no-defaults -uroot -h127.0.0.1 -P33951 shutdown
wait; rm -rf "$data"
