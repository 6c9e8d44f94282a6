using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>Column types with values at their ends, as SQL literals; NULL is added to each.</summary>
internal static class TypeSamples
{
    private const string Emoji = "'😀 grüße \\\\ \\' \" <&> \\n\\r\\t end'";

    private static readonly (string Type, string[] Values)[] Common =
    [
        ("TINYINT(1)", ["0", "1", "-128", "127"]),
        ("BOOL", ["FALSE", "TRUE"]),
        ("TINYINT", ["-128", "0", "127"]),
        ("TINYINT UNSIGNED", ["0", "128", "255"]),
        ("SMALLINT", ["-32768", "-1", "32767"]),
        ("SMALLINT UNSIGNED", ["0", "65535"]),
        ("MEDIUMINT", ["-8388608", "-1", "8388607"]),
        ("MEDIUMINT UNSIGNED", ["0", "8388608", "16777215"]),
        ("INT", ["-2147483648", "-1", "0", "2147483647"]),
        ("INT UNSIGNED", ["0", "2147483648", "4294967295"]),
        ("INT(6) ZEROFILL", ["0", "42", "4294967295"]),
        ("BIGINT", ["-9223372036854775808", "-1", "9223372036854775807"]),
        ("BIGINT UNSIGNED", ["0", "9223372036854775808", "18446744073709551615"]),
        ("YEAR", ["0", "1901", "2155"]),
        ("FLOAT", ["0", "-0.1", "3.4028234e38", "1.17549435e-38", "16777217", "1e-30"]),
        ("FLOAT UNSIGNED", ["0", "0.3"]),
        ("DOUBLE", ["0", "-0.1", "1.7976931348623157e308", "2.2250738585072014e-308", "9007199254740993", "1e22"]),
        ("DECIMAL(5,2)", ["-999.99", "-0.01", "0", "999.99"]),
        ("DECIMAL(10,0)", ["-9999999999", "9999999999"]),
        ("DECIMAL(18,9)", ["-999999999.999999999", "0.000000001"]),
        ("DECIMAL(20,10) UNSIGNED", ["0", "9999999999.9999999999"]),
        ("DECIMAL(38,10)", ["-9999999999999999999999999999.9999999999", "0.0000000001", "9999999999999999999999999999.9999999999"]),
        ("DECIMAL(38,30)", ["-99999999.999999999999999999999999999999", "0.000000000000000000000000000001"]),
        ("DECIMAL(65,30)", ["-99999999999999999999999999999999999.999999999999999999999999999999", "0", "1.5"]),
        ("DECIMAL(65,0)", ["99999999999999999999999999999999999999999999999999999999999999999", "-1"]),
        ("BIT(1)", ["b'0'", "b'1'"]),
        ("BIT(7)", ["0", "127"]),
        ("BIT(17)", ["0", "1", "131071"]),
        ("BIT(64)", ["0", "1", "18446744073709551615"]),
        ("DATE", ["'1000-01-01'", "'1969-12-31'", "'2024-02-29'", "'9999-12-31'", "'0000-00-00'", "'2024-02-00'"]),
        ("TIME", ["'00:00:00'", "'23:59:59'"]),
        ("TIME(3)", ["'00:00:00.001'", "'23:59:59.999'"]),
        ("TIME(6)", ["'-838:59:59.000000'", "'838:59:59.000000'", "'-00:00:00.000001'", "'12:34:56.789012'"]),
        ("DATETIME", ["'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'0000-00-00 00:00:00'"]),
        ("DATETIME(1)", ["'1969-12-31 23:59:59.9'", "'2024-02-29 13:05:07.5'"]),
        ("DATETIME(3)", ["'1969-12-31 23:59:59.999'", "'9999-12-31 23:59:59.999'"]),
        ("DATETIME(6)", ["'1000-01-01 00:00:00.000001'", "'1969-12-31 23:59:59.999999'", "'9999-12-31 23:59:59.999999'"]),
        ("TIMESTAMP NULL", ["'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00 00:00:00'"]),
        ("TIMESTAMP(3) NULL", ["'1970-01-01 00:00:01.001'", "'2038-01-19 03:14:07.499'"]),
        ("TIMESTAMP(6) NULL", ["'1970-01-01 00:00:01.000001'", "'2038-01-19 03:14:07.499999'"]),
        ("CHAR(0)", ["''"]),
        ("CHAR(10)", ["''", "'abc'", "'abc   '", "'  x'", "'0123456789'"]),
        ("CHAR(255)", [$"REPEAT('ü', 255)", Emoji]),
        ("VARCHAR(20)", ["''", "'trailing  '", "'NULL'"]),
        ("VARCHAR(300)", [Emoji, "REPEAT('x', 300)", "REPEAT('😀', 256)"]),
        ("VARCHAR(20) CHARACTER SET latin1", ["'äöü€ß'", "''"]),
        ("VARCHAR(20) CHARACTER SET ascii", ["'plain'"]),
        ("VARCHAR(20) CHARACTER SET utf16", ["'a😀ü'"]),
        ("VARCHAR(20) CHARACTER SET cp1251", ["'Привет'"]),
        ("VARCHAR(20) CHARACTER SET sjis", ["'日本'"]),
        ("VARCHAR(20) CHARACTER SET gbk", ["'中文'"]),
        ("CHAR(20) CHARACTER SET ucs2", ["'aü中'"]),
        ("TINYTEXT", ["''", "REPEAT('t', 255)"]),
        ("TEXT", ["''", Emoji, "REPEAT('é', 30000)"]),
        ("MEDIUMTEXT", ["REPEAT('m', 200000)", "''"]),
        ("LONGTEXT", ["REPEAT('l', 300000)", Emoji]),
        ("BINARY(8)", ["''", "x'00'", "x'0102000000000000'", "x'ffffffffffffffff'", "x'6100'"]),
        ("BINARY(255)", ["REPEAT(x'ff', 255)", "''"]),
        ("VARBINARY(20)", ["''", "x'00'", "x'610020'", "x'ff00ff00'"]),
        ("VARBINARY(300)", ["REPEAT(x'ab', 300)"]),
        ("TINYBLOB", ["''", "x'00ff'"]),
        ("BLOB", ["''", "x'00ff0d0a1a'", "REPEAT(x'00', 60000)"]),
        ("MEDIUMBLOB", ["REPEAT(x'7f', 100000)"]),
        ("LONGBLOB", ["REPEAT(x'80', 100000)", "''"]),
        ("ENUM('a','B','ü,ö','it''s','')", ["'a'", "'B'", "'ü,ö'", "'it''s'", "''"]),
        ("ENUM('x','ä') CHARACTER SET latin1", ["'x'", "'ä'"]),
        ("SET('a','b','c','grün')", ["''", "'a'", "'a,c'", "'a,b,c,grün'"]),
        ("POINT", ["ST_GeomFromText('POINT(1.5 -2.25)')", "ST_GeomFromText('POINT(1 2)', 3857)"]),
        ("LINESTRING", ["ST_GeomFromText('LINESTRING(0 0, 1 1, 2.5 3)')"]),
        ("POLYGON", ["ST_GeomFromText('POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))')"]),
        ("MULTIPOINT", ["ST_GeomFromText('MULTIPOINT(1 1, 2 2)')"]),
        ("MULTILINESTRING", ["ST_GeomFromText('MULTILINESTRING((0 0,1 1),(2 2,3 3))')"]),
        ("MULTIPOLYGON", ["ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))')"]),
        ("GEOMETRYCOLLECTION", ["ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')"]),
        ("GEOMETRY", ["ST_GeomFromText('POINT(7 8)')"]),
    ];

    private static readonly (string Type, string[] Values)[] OnlyMySql =
    [
        ("JSON", [
            "'null'", "'true'", "'[]'", "'{}'", "'\"te\\\\\"xt\"'", "'-9223372036854775808'", "'18446744073709551615'", "'1.5'",
            "'1e100'", "'{\"b\": [1, null, {\"a\": \"ü😀\"}], \"a\": 0.1, \"\": false}'",
            "JSON_OBJECT('d', CAST('2024-02-29' AS DATE), 't', CAST('12:34:56.5' AS TIME(3)))",
            "JSON_OBJECT('dt', CAST('2024-02-29 01:02:03.000004' AS DATETIME(6)))",
            "JSON_OBJECT('n', CAST(1.50 AS DECIMAL(10,2)), 'f', 1e0, 'z', 10.0)",
            "JSON_ARRAY(x'00ff')", "JSON_ARRAY(REPEAT('long', 20000))",
        ]),
        ("VECTOR(3)", ["STRING_TO_VECTOR('[1,2.5,-3]')"]),
    ];

    private static readonly (string Type, string[] Values)[] OnlyMariaDb =
    [
        ("JSON", ["'{\"b\": 1,  \"a\": [ ]}'", "'null'"]),
        ("UUID", ["'123e4567-e89b-12d3-a456-426655440000'", "'00000000-0000-0000-0000-000000000000'"]),
        ("INET4", ["'0.0.0.0'", "'255.255.255.255'", "'10.0.0.1'"]),
        ("INET6", ["'::'", "'2001:db8::ff00:42:8329'", "'::ffff:192.0.2.128'"]),
        ("VARCHAR(100) COMPRESSED", ["'short'", "REPEAT('c', 100)"]),
        ("TEXT COMPRESSED", ["REPEAT('compress', 1000)", "''"]),
        ("BLOB COMPRESSED", ["REPEAT(x'00', 5000)"]),
    ];

    public static (string Type, string[] Values)[] Of(ServerKind kind) =>
        [.. Common, .. kind == ServerKind.MySql97 ? OnlyMySql : OnlyMariaDb];
}
