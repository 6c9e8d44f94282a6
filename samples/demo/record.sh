#!/usr/bin/env bash
# record.sh: records the binlog files of the demo anew on the servers of tests/servers/get-servers.sh.
#   mysql/    MySQL 9.7: shop.customers and shop.orders; a busy day, then corrections and a new column
#   mariadb/  MariaDB 10.11: bank.accounts and bank.transfers
set -eu -o pipefail
cd "$(dirname "$(readlink -f "$0")")"
servers=${PAIMONSHARP_SERVERS:-$(cd ../.. && pwd)/.tools/servers}

shop() { # the same statements at every run: a seeded generator
  awk -v seed=20240601 '
    function pick(n) { return int(rand() * n) }
    function when(i) { return sprintf("2024-06-%02d %02d:%02d:%02d.%03d", 1 + i % 28, i % 24, i % 60, (i * 7) % 60, i % 1000) }
    BEGIN {
      srand(seed); split("Ada Bruno Chen Dalia Émile Fatou Goran Hana Iván Jun Kofi Lena", first, " ")
      split("Berlin Lagos Lima Osaka Paris Pune Quito Tunis", city, " "); split("FREE PLUS PRO", tier, " ")
      print "CREATE DATABASE shop; USE shop;"
      print "CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, city VARCHAR(20), tier ENUM(\x27FREE\x27,\x27PLUS\x27,\x27PRO\x27) NOT NULL, joined DATE);"
      print "CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, customer_id INT NOT NULL, status VARCHAR(12) NOT NULL, amount DECIMAL(10,2), items SMALLINT UNSIGNED, placed DATETIME(3) NOT NULL);"
      for (i = 1; i <= 1000; i += 100) {
        printf "INSERT INTO customers VALUES "
        for (j = i; j < i + 100; j++) printf "%s(%d,\x27%s %d\x27,\x27%s\x27,\x27%s\x27,\x272023-%02d-%02d\x27)", (j > i ? "," : ""), j, first[1 + pick(12)], j, city[1 + pick(8)], tier[1 + pick(3)], 1 + j % 12, 1 + j % 28
        print ";"
      }
      for (i = 1; i <= 12000; i += 60) {
        printf "BEGIN; INSERT INTO orders VALUES "
        for (j = i; j < i + 60; j++) printf "%s(%d,%d,\x27NEW\x27,%d.%02d,%d,\x27%s\x27)", (j > i ? "," : ""), j, 1 + pick(1000), 5 + pick(900), pick(100), 1 + pick(9), when(j)
        print ";"
        if (i > 240) printf "UPDATE orders SET status=\x27PAID\x27, amount=amount+%d WHERE id BETWEEN %d AND %d;\n", pick(3), i - 240, i - 205
        if (i > 600) printf "UPDATE orders SET status=\x27SHIPPED\x27 WHERE id BETWEEN %d AND %d;\n", i - 600, i - 590
        if (i % 180 == 1) printf "DELETE FROM orders WHERE id = %d; UPDATE customers SET tier=\x27PRO\x27 WHERE id = %d;\n", 1 + pick(i), 1 + pick(1000)
        print "COMMIT;"
        if (i == 6001) print "FLUSH BINARY LOGS;"
      }
      print "ALTER TABLE customers ADD COLUMN note VARCHAR(50) NULL;"
      print "UPDATE customers SET note=\x27a guest of the house\x27 WHERE id IN (7, 77, 777);"
      print "UPDATE orders SET id = id + 1000000 WHERE id BETWEEN 11990 AND 11999;"
      print "DELETE FROM customers WHERE id = 1000;"
    }' < /dev/null
}

bank() {
  awk -v seed=7 '
    function pick(n) { return int(rand() * n) }
    BEGIN {
      srand(seed)
      print "CREATE DATABASE bank; USE bank;"
      print "CREATE TABLE accounts (id INT PRIMARY KEY, owner VARCHAR(30) NOT NULL, balance DECIMAL(15,2) NOT NULL);"
      print "CREATE TABLE transfers (id INT PRIMARY KEY, source INT NOT NULL, target INT NOT NULL, amount DECIMAL(12,2) NOT NULL);"
      for (i = 1; i <= 100; i++) printf "INSERT INTO accounts VALUES (%d,\x27owner %d\x27,1000.00);\n", i, i
      for (i = 1; i <= 800; i++) {
        a = 1 + pick(100); b = 1 + (a + pick(99)) % 100; m = sprintf("%d.%02d", 1 + pick(50), pick(100))
        printf "BEGIN; UPDATE accounts SET balance=balance-%s WHERE id=%d; UPDATE accounts SET balance=balance+%s WHERE id=%d; ", m, a, m, b
        printf "INSERT INTO transfers VALUES (%d,%d,%d,%s); COMMIT;\n", i, a, b, m
      }
    }' < /dev/null
}

record() { # record KIND CLIENT STATEMENTS FOLDER
  local kind=$1 client=$2 statements=$3 folder=$4 data process
  data=$(mktemp -d)
  "$servers/$kind/bin/run-server" --initialize-only "$data/d" > /dev/null 2>&1
  PORT=$((34000 + RANDOM % 1000)) "$servers/$kind/bin/run-server" "$data/d" --binlog-row-metadata=FULL > /dev/null 2>&1 &
  process=$!
  until "$servers/$kind/bin/$client" --no-defaults -uroot -S "$data/d/s.sock" -e 'SELECT 1' > /dev/null 2>&1; do sleep 0.2; done
  { [ "$client" = mysql ] && echo 'RESET BINARY LOGS AND GTIDS;' || echo 'RESET MASTER;'; "$statements"; } |
    "$servers/$kind/bin/$client" --no-defaults --default-character-set=utf8mb4 -uroot -S "$data/d/s.sock"
  kill "$process"; wait "$process" || true
  rm -f "$folder"/binlog.0*; mkdir -p "$folder"; cp "$data/d"/binlog.0* "$folder/"; chmod 644 "$folder"/*
  rm -rf "$data"
}

record mysql97 mysql shop mysql
record mariadb1011 mariadb bank mariadb
ls -l mysql mariadb
