#!/usr/bin/env bash
# get-servers.sh [KIND...]
#   Unpacks real database servers and independent readers for the tests, each into a folder of its own. Nothing is
#   installed on the machine: packages are downloaded with a private apt configuration, unpacked with dpkg-deb, and run
#   by the folder's own dynamic loader. Root is not needed.
#
#   KIND: mysql97      MySQL 9.7 server and clients        Debian sid
#         mariadb1011  MariaDB 10.11 server and clients    Debian 12 (bookworm)
#         mariadb118   MariaDB 11.8 server and clients     Debian sid
#         duckdb       DuckDB command line                 Debian sid
#         parquet      Arrow's Parquet tools               Debian sid
#         rocksdb      RocksDB's library and sst_dump      this machine's suite (bench/Macro loads it)
#   Without KIND: mysql97 mariadb1011 duckdb parquet.
#
#   Folder: PAIMONSHARP_SERVERS, default .tools/servers in the repository. A kind that is complete there is kept as it is.
#   Result: <folder>/<kind>/bin/* (wrappers) and, for servers, <folder>/<kind>/bin/run-server:
#           [PORT=33306] run-server DATADIR [server options]   runs the server in the foreground on 127.0.0.1:$PORT.
#   Exit code: 0 every kind is there, 1 a kind cannot be had (one line on stderr says which and why), 2 wrong use.
set -u -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=${PAIMONSHARP_SERVERS:-$root/.tools/servers}
attempts=${PAIMONSHARP_SERVERS_ATTEMPTS:-3}
log=''

say() { echo "get-servers: $*"; }
complain() { echo "get-servers: $*" >&2; }

describe() { # sets suite, packages, programs and probe of a kind
  case $1 in
    mysql97)
      suite=sid packages='mysql-server-core mysql-client-core' probe=mysqld
      programs='usr/sbin/mysqld usr/bin/mysql usr/bin/mysqladmin usr/bin/mysqlbinlog usr/bin/mysqldump' ;;
    mariadb1011 | mariadb118)
      suite=bookworm; [ "$1" = mariadb118 ] && suite=sid
      packages='mariadb-server-core mariadb-client-core mariadb-client mariadb-server' probe=mariadbd
      programs='usr/sbin/mariadbd usr/bin/mariadb usr/bin/mariadb-admin usr/bin/mariadb-binlog usr/bin/mariadb-dump' ;;
    duckdb)
      suite=sid packages=duckdb programs=usr/bin/duckdb probe=duckdb ;;
    parquet)
      suite=sid packages=parquet-tools probe=parquet-reader
      programs='usr/bin/parquet-reader usr/bin/parquet-dump-schema usr/bin/parquet-scan' ;;
    rocksdb) # its library is loaded into programs of this machine, so it is built for this machine's C library
      suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2> /dev/null)
      packages=rocksdb-tools programs='usr/bin/sst_dump usr/bin/ldb' probe=sst_dump ;;
    *) return 1 ;;
  esac
}

# Parts of the dependency closure that a server run from a folder never needs.
is_superfluous() {
  case $1 in
    perl* | libperl* | libdbi-perl | libc-gconv-modules-extra | debianutils | mysql-common | libgdbm* | psmisc | lsof) return 0 ;;
    rsync | socat | iproute2 | adduser | passwd | passt | procps | gawk | tar | galera* | init-system-helpers) return 0 ;;
    *) return 1 ;;
  esac
}

mirror() { # the machine's own Debian mirror
  { grep -hs '^URIs:' /etc/apt/sources.list.d/*.sources | awk '{print $2}'
    grep -hs '^deb ' /etc/apt/sources.list /etc/apt/sources.list.d/*.list | sed 's/\[[^]]*\]//' | awk '{print $2}'
  } | grep -v security | head -1
}

private_apt() { # private_apt get|cache ARGS...: apt with a state folder of its own and an empty package status
  local command=$1; shift
  local options=(-o "Dir::State=$apt" -o "Dir::State::Lists=$apt/lists" -o "Dir::State::status=$apt/status"
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o "Dir::Cache=$apt/cache" -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1)
  [ "$(id -u)" = 0 ] && options+=(-o APT::Sandbox::User=root)
  "apt-$command" "${options[@]}" "$@"
}

download() { # download FOLDER: the package closure of the described kind, as .deb files in FOLDER/cache/archives
  local uri key=/usr/share/keyrings/debian-archive-keyring.gpg wanted=() file name
  apt=$1; mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"; : > "$apt/status"
  uri=$(mirror); [ -n "$uri" ] || { log='no Debian mirror is configured in /etc/apt'; return 1; }
  [ -e $key ] || { log="$key is missing (package debian-archive-keyring)"; return 1; }
  echo "deb [signed-by=$key] $uri $suite main" > "$apt/sources.list"
  private_apt get -q update > "$apt/log" 2>&1 || { log="the mirror gives no index of the suite $suite"; return 1; }
  # With an empty status file apt plans the whole closure, the C library included.
  while read -r file; do
    name=${file%%_*}
    is_superfluous "$name" || wanted+=("$name=$(echo "$file" | cut -d_ -f2)")
  done < <(private_apt get install --print-uris -qq -y --no-install-recommends $packages 2> "$apt/log" |
    awk "/^'/{print \$2}" | sed 's/%3a/:/g')
  [ ${#wanted[@]} -gt 0 ] || { log="the suite $suite cannot give: $packages"; return 1; }
  (cd "$apt/cache/archives" && private_apt get download -q "${wanted[@]}") > "$apt/log" 2>&1 ||
    { log="a package of the suite $suite could not be downloaded"; return 1; }
}

write_wrapper() { # write_wrapper FOLDER PROGRAM: bin/NAME runs PROGRAM with the folder's own loader and libraries
  local name; name=$(basename "$2")
  cat > "$1/bin/$name" << WRAPPER
#!/bin/sh
root=\$(cd "\$(dirname "\$(readlink -f "\$0")")/../root" && pwd)
case \$(uname -m) in
  aarch64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
  *) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
esac
[ -d "\$root/usr/lib/\$triplet/ossl-modules" ] && export OPENSSL_MODULES="\$root/usr/lib/\$triplet/ossl-modules"
for folder in lib64 usr/lib64 lib usr/lib "lib/\$triplet" "usr/lib/\$triplet"; do
  [ -e "\$root/\$folder/\$loader" ] && break
done
exec "\$root/\$folder/\$loader" --library-path "\$root/usr/lib/\$triplet:\$root/lib/\$triplet:\$root/usr/lib:\$root/lib" \\
  --argv0 "\$root/$2" "\$root/$2" "\$@"
WRAPPER
  chmod +x "$1/bin/$name"
}

write_run_server() { # write_run_server FOLDER: the current script, put in place in one step
  case $probe in mysqld | mariadbd) ;; *) return 0 ;; esac
  cmp -s "$here/run-server.sh" "$1/bin/run-server" && return 0
  cp "$here/run-server.sh" "$1/bin/.run-server" && chmod 755 "$1/bin/.run-server" &&
    mv "$1/bin/.run-server" "$1/bin/run-server"
}

starts() { # starts FOLDER: does the main program of the described kind run?
  case $probe in
    duckdb) [ "$("$1/bin/duckdb" -csv -noheader -c 'select 42' 2> /dev/null)" = 42 ] ;;
    sst_dump) { "$1/bin/sst_dump" --help 2>&1 || true; } | grep -i sst_dump > /dev/null ;;
    parquet-reader) { "$1/bin/parquet-reader" 2>&1 || true; } | grep -i usage > /dev/null ;;
    *) "$1/bin/$probe" --no-defaults --version > /dev/null 2>&1 ;;
  esac
}

is_complete() { # is_complete FOLDER
  [ -x "$1/bin/$probe" ] && starts "$1" && write_run_server "$1"
}

unpack() { # unpack KIND: downloads into a folder beside, then puts it in place in one step
  local kind=$1 build program deb
  build=$(mktemp -d "$folder/.$kind.XXXXXX") || { log="cannot write to $folder"; return 1; }
  mkdir -p "$build/root" "$build/bin"
  download "$build/apt" || { rm -rf "$build"; return 1; }
  for deb in "$build/apt/cache/archives"/*.deb; do
    dpkg-deb -x "$deb" "$build/root" || { log="cannot unpack $(basename "$deb")"; rm -rf "$build"; return 1; }
  done
  rm -rf "$build/apt"
  for program in $programs; do
    [ -e "$build/root/$program" ] && write_wrapper "$build" "$program"
  done
  write_run_server "$build" || { log="cannot write to $folder"; rm -rf "$build"; return 1; }
  starts "$build" || { log="$probe was unpacked but does not start"; rm -rf "$build"; return 1; }
  chmod 755 "$build"; rm -rf "${folder:?}/$kind"; mv "$build" "$folder/$kind"
}

get() { # get KIND
  local kind=$1 attempt began=$SECONDS
  if is_complete "$folder/$kind"; then say "$kind: already there"; return 0; fi
  for attempt in $(seq "$attempts"); do
    [ "$attempt" = 1 ] || sleep $((attempt * 5))
    if unpack "$kind"; then say "$kind: unpacked in $((SECONDS - began)) s"; return 0; fi
  done
  complain "$kind cannot be had: $log"
  return 1
}

case ${1:-} in -h | --help) sed -n '2,17p' "$0" | sed 's/^# \{0,1\}//'; exit 0 ;; esac
[ $# -gt 0 ] || set -- mysql97 mariadb1011 duckdb parquet
for kind in "$@"; do describe "$kind" || { complain "unknown kind '$kind' (see --help)"; exit 2; }; done
mkdir -p "$folder" || exit 1
folder=$(cd "$folder" && pwd)
exec 9> "$folder/.lock" && flock 9
status=0
for kind in "$@"; do
  describe "$kind"
  is_complete "$folder/$kind" && { say "$kind: already there"; continue; }
  command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null ||
    { complain "$kind cannot be had: this is not a Debian machine (no apt-get or dpkg-deb)"; status=1; continue; }
  get "$kind" || status=1
done
exit $status
