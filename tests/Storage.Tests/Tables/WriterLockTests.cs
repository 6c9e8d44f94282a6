using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public sealed class WriterLockTests : IDisposable
{
    private static readonly Identifier Events = new("shop", "events");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("paimonsharp-lock-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_table_has_one_locking_writer_and_the_other_is_told_which_file_says_so()
    {
        var (catalog, _) = await CreateAsync();
        var other = await Catalog.OpenAsync(_directory.FullName);
        using (await catalog.LockForWritingAsync(Events))
        {
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await other.LockForWritingAsync(Events));
            Assert.Equal(ErrorKind.Conflict, error.Kind);
            Assert.Contains("shop.events", error.Message, StringComparison.Ordinal);
            Assert.Contains(".writer.lock", error.Message, StringComparison.Ordinal);
        }

        (await other.LockForWritingAsync(Events)).Dispose();
    }

    [Fact]
    public async Task Key_ranges_and_rows_are_shown_as_a_scan_shows_them()
    {
        var (_, table) = await CreateAsync();
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(new DateOnly(2024, 2, 29), new byte[] { 1, 0xff }, new DateTime(2024, 2, 29, 13, 5, 7));
        await writer.CommitAsync();
        var file = Assert.Single(await table.FilesAsync());
        Assert.Equal("2024-02-29, 0x01ff", file.MinKey);
        await foreach (var row in table.NewScan().ReadRowsAsync())
        {
            Assert.Equal("+I (2024-02-29, 0x01ff, 2024-02-29 13:05:07.000)", row.ToString());
        }
    }

    [Fact]
    public async Task A_time_with_too_many_digits_is_refused_with_all_of_them()
    {
        var (_, table) = await CreateAsync();
        await using var writer = table.NewWriter();
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.UpsertAsync(
            new DateOnly(2024, 2, 29), Array.Empty<byte>(), new DateTime(2024, 2, 29, 13, 5, 7).AddTicks(1)));
        Assert.Contains("2024-02-29T13:05:07.0000001", error.Message, StringComparison.Ordinal);
    }

    private async Task<(Catalog Catalog, Table Table)> CreateAsync()
    {
        var catalog = await Catalog.OpenAsync(_directory.FullName);
        var table = await catalog.CreateTableAsync(
            Events,
            new TableDefinition().Column("day", DataTypes.Date).Column("code", DataTypes.Bytes).Column("at", DataTypes.Timestamp(3))
                .PrimaryKey("day", "code"));
        return (catalog, table);
    }
}
