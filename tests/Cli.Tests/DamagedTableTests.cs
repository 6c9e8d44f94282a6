namespace PaimonSharp.Cli.Tests;

/// <summary>Files of a table that are cut, changed or gone: the file is named, the exit code is 4, other states stay readable.</summary>
public class DamagedTableTests
{
    [Theory]
    [InlineData("snapshot", "snapshot-3", "3")]
    [InlineData("schema", "schema-0", "")]
    [InlineData("manifest", "manifest-list-", "")]
    [InlineData("manifest", "manifest-", "")]
    [InlineData("bucket-0", "data-", "")]
    public async Task A_cut_file_is_corrupt_and_named(string folder, string prefix, string suffix)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var file = warehouse.FileOf(folder, prefix);
        Assert.EndsWith(suffix, file, StringComparison.Ordinal);
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length / 2);
        }

        (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(4, file);
    }

    [Theory]
    [InlineData("snapshot", "snapshot-3")]
    [InlineData("schema", "schema-0")]
    [InlineData("manifest", "manifest-list-")]
    [InlineData("manifest", "manifest-")]
    [InlineData("bucket-0", "data-")]
    public async Task A_file_of_rubbish_or_of_nothing_is_corrupt_and_named(string folder, string prefix)
    {
        foreach (var bytes in (byte[][])[[], [.. "this is no file of a table, but some text"u8], new byte[1000]])
        {
            using var warehouse = await OrdersWarehouse.CreateAsync();
            var file = warehouse.FileOf(folder, prefix);
            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

            (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(4, file);
        }
    }

    [Theory]
    [InlineData("manifest", "manifest-list-")]
    [InlineData("manifest", "manifest-")]
    [InlineData("bucket-0", "data-")]
    public async Task A_missing_file_is_named(string folder, string prefix)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var file = warehouse.FileOf(folder, prefix);
        File.Delete(file);

        (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(4, file);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("avro")]
    public async Task Any_byte_changed_in_a_data_file_gives_an_error_or_rows_but_never_a_crash(string format)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync(format);
        var file = warehouse.FileOf("bucket-0", "data-");
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0xA5;
            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

            var run = await warehouse.RunAsync("scan", "shop.orders", "--json");

            Assert.True(run.ExitCode is 0 or 3 or 4, $"byte {at}: exit code {run.ExitCode}: {run.Error}");
        }
    }

    [Theory]
    [InlineData("snapshot-3")]
    [InlineData("LATEST")]
    [InlineData("EARLIEST")]
    public async Task Older_snapshots_stay_readable_beside_a_damaged_one_and_hints_do_not_matter(string name)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        foreach (var text in (string[])["", "rubbish", "0", "-5", "77", "1"])
        {
            await File.WriteAllTextAsync(
                Path.Combine(warehouse.TablePath, "snapshot", name), text, TestContext.Current.CancellationToken);

            (await warehouse.RunAsync("scan", "shop.orders", "--snapshot", "2", "--json")).Expect(0);
            var newest = await warehouse.RunAsync("scan", "shop.orders", "--json");
            Assert.Equal(name == "snapshot-3" ? 4 : 0, newest.ExitCode);
            Assert.Equal(name == "snapshot-3" ? 0 : 3, newest.Lines.Length);
        }
    }

    [Fact]
    public async Task Without_hints_the_newest_snapshot_is_found_and_written_after()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        File.Delete(Path.Combine(warehouse.TablePath, "snapshot", "LATEST"));
        File.Delete(Path.Combine(warehouse.TablePath, "snapshot", "EARLIEST"));

        await warehouse.UpsertAsync(9, "NEXT");
        var run = (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0);

        Assert.Equal(4, run.Lines.Length);
        Assert.True(File.Exists(Path.Combine(warehouse.TablePath, "snapshot", "snapshot-4")));
    }

    [Theory]
    [InlineData("\"version\": 3", "\"version\": 99", 3, "99")]
    [InlineData("BIGINT NOT NULL", "HUGEINT NOT NULL", 3, "HUGEINT")]
    [InlineData("\"primaryKeys\"", "\"primaryKeyz\"", 4, "primaryKeys")]
    public async Task A_schema_from_another_world_is_refused_by_name(string text, string changed, int exitCode, string part)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var file = warehouse.FileOf("schema", "schema-0");
        var json = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        json = json.Replace("\" : ", "\": ", StringComparison.Ordinal);
        Assert.Contains(text, json, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, json.Replace(text, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(exitCode, part);
    }
}
