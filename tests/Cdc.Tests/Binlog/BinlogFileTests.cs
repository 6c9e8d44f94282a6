using System.Text;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Binlog.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Testing;

namespace PaimonSharp.Cdc.Tests.Binlog;

public sealed class BinlogFileTests
{
    private static string Folder { get; } = Path.Combine(GoldenData.Root, "tests", "data", "binlogs");

    [Fact]
    public async Task A_file_cut_inside_an_event_is_an_error_after_the_rows_before_it()
    {
        var bytes = await ReadAsync("generated-mysql-9.7/workload.000001");
        var (whole, none) = await PrintAsync(bytes);
        Assert.Null(none);
        var (lines, error) = await PrintAsync(bytes[..(bytes.Length / 2)]);

        Assert.Equal(ErrorKind.Corrupt, error?.Kind);
        Assert.Contains("ends inside an event", error?.Message, StringComparison.Ordinal);
        Assert.NotEmpty(lines);
        Assert.Equal(whole[..lines.Length], lines);
    }

    [Fact]
    public async Task A_changed_byte_is_found_by_the_checksum()
    {
        var bytes = await ReadAsync("generated-mysql-9.7/workload.000001");
        bytes[bytes.Length / 2] ^= 1;

        var (_, error) = await PrintAsync(bytes);

        Assert.Equal(ErrorKind.Corrupt, error?.Kind);
        Assert.Contains("checksum", error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_bytes_give_typed_errors_only()
    {
        var random = new Random(20240229);
        foreach (var name in (string[])["generated-mysql-9.7/types-num.000001", "generated-mysql-9.7/zstd.000001", "generated-mariadb-11.8/log-bin-compress.000001"])
        {
            var original = await ReadAsync(name);
            for (var round = 0; round < 300; round++)
            {
                var bytes = (byte[])original.Clone();
                for (var i = 0; i <= random.Next(4); i++)
                {
                    bytes[random.Next(150, bytes.Length)] = (byte)random.Next(256);
                }

                MendChecksums(bytes);
                var (_, error) = await PrintAsync(bytes);
                Assert.True(error is null or { Kind: ErrorKind.Corrupt or ErrorKind.Unsupported }, error?.ToString());
            }
        }
    }

    [Fact]
    public async Task Transactions_have_a_begin_their_rows_and_a_position_to_resume_from()
    {
        var bytes = await ReadAsync("generated-mysql-9.7/tagged-gtid.000001");
        var parser = new BinlogEventParser(isStream: false);
        var file = new BinlogFile("binlog.000001", _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)));
        await using var reader = new TransactionReader(
            new BinlogFileReader([file], parser), parser, new BinlogPosition("binlog.000001", 4), ExecutedTransactions.Parse("", false));
        var positions = new List<BinlogPosition>();
        var rows = 0;
        TransactionStep step;
        while ((step = await reader.ReadAsync(TestContext.Current.CancellationToken)) != TransactionStep.End)
        {
            Assert.Equal(step is TransactionStep.Rows or TransactionStep.Statement, reader.IsInGroup);
            rows += step == TransactionStep.Rows ? 1 : 0;
            if (step == TransactionStep.Committed)
            {
                positions.Add(reader.BoundaryPosition);
            }
        }

        Assert.True(rows > 0);
        Assert.Equal(positions.Order(), positions);
        Assert.Contains(":tag_", positions[^1].Gtids, StringComparison.Ordinal);
        Assert.Equal(positions[^1], BinlogPosition.Parse(positions[^1].ToString()));
    }

    private static void MendChecksums(byte[] bytes)
    {
        for (var at = 4; at + 23 <= bytes.Length;)
        {
            var size = BitConverter.ToInt32(bytes, at + 9);
            if (size < 23 || size > bytes.Length - at)
            {
                return;
            }

            var sum = Crc32.Compute(bytes.AsSpan(at, size - 4));
            BitConverter.TryWriteBytes(bytes.AsSpan(at + size - 4), sum);
            at += size;
        }
    }

    private static Task<byte[]> ReadAsync(string name) =>
        File.ReadAllBytesAsync(Path.Combine(Folder, name), TestContext.Current.CancellationToken);

    private static async Task<(string[] Lines, PaimonException? Error)> PrintAsync(byte[] bytes)
    {
        using var printed = new MemoryStream();
        var file = new BinlogFile("binlog.000001", _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)));
        PaimonException? error = null;
        try
        {
            await BinlogPrinter.PrintAsync([file], raw: false, printed, TestContext.Current.CancellationToken);
        }
        catch (PaimonException caught)
        {
            error = caught;
        }

        return (Encoding.UTF8.GetString(printed.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries), error);
    }
}
