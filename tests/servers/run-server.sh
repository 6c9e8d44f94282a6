#!/usr/bin/env bash
# run-server [--initialize-only] DATADIR [server options]
#   Runs the MySQL or MariaDB server of the folder above in the foreground, on 127.0.0.1:$PORT (default 33306) and the
#   socket DATADIR/s.sock, with the binary log on. The first use makes DATADIR; root has no password. SIGTERM stops it.
set -eu
only=''
[ "${1:-}" = --initialize-only ] && { only=1; shift; }
[ $# -ge 1 ] || { echo 'usage: [PORT=33306] run-server [--initialize-only] DATADIR [server options]' >&2; exit 2; }
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
root=$home/root
mkdir -p "$1"; data=$(cd "$1" && pwd); shift
user=(); [ "$(id -u)" = 0 ] && user=(--user=root)
common=(--datadir="$data" --socket="$data/s.sock" --pid-file="$data/server.pid" --port="${PORT:-33306}"
  --bind-address=127.0.0.1 --log-error="$data/error.log" --server-id=1 --log-bin=binlog
  --tmpdir="$data/tmp") # a server that starts removes the temporary tables of others in its folder

if [ -x "$home/bin/mysqld" ]; then
  share=$root/usr/share/mysql
  base=("$home/bin/mysqld" --no-defaults "${user[@]}" --basedir="$root/usr" --lc-messages-dir="$share"
    --character-sets-dir="$share/charsets" --plugin-dir="$root/usr/lib/mysql/plugin" --secure-file-priv=
    --innodb-redo-log-capacity=8388608)
  [ -e "$data/mysql.ibd" ] || "${base[@]}" --datadir="$data" --log-error-verbosity=1 --initialize-insecure
  [ -z "$only" ] || exit 0
  mkdir -p "$data/tmp"
  exec "${base[@]}" "${common[@]}" --mysqlx=OFF "$@"
fi

share=$root/usr/share/mariadb; [ -d "$share/charsets" ] || share=$root/usr/share/mysql
base=("$home/bin/mariadbd" --no-defaults "${user[@]}" --basedir="$root/usr" --lc-messages-dir="$share"
  --character-sets-dir="$share/charsets" --plugin-dir="$root/usr/lib/mysql/plugin" --innodb-log-file-size=8M)
system_tables() { # the bootstrap reads one statement a line at its beginning
  printf '%s\n' 'create database if not exists mysql;' 'use mysql;' \
    'set @auth_root_socket=NULL;' 'set @skip_auth_anonymous=1;'
  local prefix part
  for prefix in mariadb mysql; do
    for part in system_tables performance_tables system_tables_data; do
      cat "$share/${prefix}_$part.sql" 2> /dev/null || true
    done
  done
  cat "$share/maria_add_gis_sp_bootstrap.sql"
  for prefix in mariadb mysql; do cat "$share/${prefix}_sys_schema.sql" 2> /dev/null || true; done
}
if [ ! -d "$data/mysql" ]; then
  mkdir "$data/mysql"
  system_tables | "${base[@]}" --datadir="$data" --bootstrap --skip-log-bin --log-warnings=0 \
    --enforce-storage-engine= || { rm -rf "$data/mysql"; exit 1; }
fi
[ -z "$only" ] || exit 0
mkdir -p "$data/tmp"
exec "${base[@]}" "${common[@]}" --ignore-db-dirs=tmp --binlog-format=ROW "$@"
