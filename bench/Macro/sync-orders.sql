-- The load of `sync`, from an empty table: ROWS inserts in transactions of 1,000 rows, then updates of every second row.
-- Runs on MySQL and MariaDB; the numbers stand in a database that is not mirrored.
CREATE DATABASE numbers;
CREATE TABLE numbers.thousand (n INT NOT NULL PRIMARY KEY);
CREATE TABLE numbers.ten (d INT NOT NULL PRIMARY KEY);
INSERT INTO numbers.ten VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO numbers.thousand SELECT 1 + a.d + 10 * b.d + 100 * c.d FROM numbers.ten a, numbers.ten b, numbers.ten c;
CREATE DATABASE bench;
CREATE TABLE bench.orders (
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
CREATE PROCEDURE numbers.fill(IN rows_total INT)
BEGIN
  DECLARE start INT DEFAULT 0;
  WHILE start < rows_total DO
    INSERT INTO bench.orders
    SELECT start + n, (start + n) * 7919 % 100003, n % 5, 1 + n % 20, ((start + n) * 31 % 1000000) / 100,
      IF(n % 4 = 0, NULL, n / 8), DATE_ADD('2024-01-01', INTERVAL n % 365 DAY),
      DATE_ADD('2024-01-01 00:00:00.125', INTERVAL start + n SECOND), CONCAT('customer', (start + n) * 7919 % 100003, '@example.com'),
      IF(n % 3 = 0, NULL, CONCAT('note of order ', start + n))
    FROM numbers.thousand;
    SET start = start + 1000;
  END WHILE;
END //
CREATE PROCEDURE numbers.change_half(IN rows_total INT)
BEGIN
  DECLARE start INT DEFAULT 0;
  WHILE start < rows_total DO
    UPDATE bench.orders SET status = status + 1, amount = amount + 1 WHERE id > start AND id <= start + 2000 AND id % 2 = 0;
    SET start = start + 2000;
  END WHILE;
END //
DELIMITER ;
