-- The load of `decode`: an order table of ten columns; inserts in transactions of 1,000 rows, then updates of every row.
SET GLOBAL innodb_flush_log_at_trx_commit = 0;
SET GLOBAL sync_binlog = 0;
CREATE DATABASE bench;
USE bench;
CREATE TABLE orders (
  id BIGINT NOT NULL PRIMARY KEY,
  customer_id INT NOT NULL,
  status TINYINT NOT NULL,
  quantity INT NOT NULL,
  amount DECIMAL(12,2) NOT NULL,
  discount DOUBLE NULL,
  order_date DATE NOT NULL,
  created_at DATETIME(3) NOT NULL,
  email VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
  note VARCHAR(200) CHARACTER SET utf8mb4 NULL
);
DELIMITER //
CREATE PROCEDURE fill(IN rows_total INT, IN rows_each INT)
BEGIN
  DECLARE start INT DEFAULT 0;
  WHILE start < rows_total DO
    INSERT INTO orders
    SELECT start + seq, (start + seq) * 7919 % 100003, seq % 5, 1 + seq % 20, ((start + seq) * 31 % 1000000) / 100,
      IF(seq % 4 = 0, NULL, seq / 8), DATE_ADD('2024-01-01', INTERVAL seq % 365 DAY),
      DATE_ADD('2024-01-01 00:00:00.125', INTERVAL start + seq SECOND), CONCAT('customer', (start + seq) * 7919 % 100003, '@example.com'),
      IF(seq % 3 = 0, NULL, CONCAT('note of order ', start + seq))
    FROM seq_1_to_1000 WHERE seq <= rows_each;
    SET start = start + rows_each;
  END WHILE;
END //
CREATE PROCEDURE change_all(IN rows_total INT, IN rows_each INT)
BEGIN
  DECLARE start INT DEFAULT 0;
  WHILE start < rows_total DO
    UPDATE orders SET status = status + 1, amount = amount + 1 WHERE id > start AND id <= start + rows_each;
    SET start = start + rows_each;
  END WHILE;
END //
DELIMITER ;
RESET MASTER;
CALL fill(1000000, 1000);
FLUSH BINARY LOGS;
CALL change_all(1000000, 1000);
FLUSH BINARY LOGS;
