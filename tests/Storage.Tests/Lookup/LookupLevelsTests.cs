using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Lookup;

/// <summary>Lookups in the levels of a bucket against a dictionary a file.</summary>
public class LookupLevelsTests
{
    [Fact]
    public void The_lowest_level_that_has_a_key_gives_its_row_unless_that_is_deleted() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task A_damaged_lookup_file_is_told_once_and_made_again()
    {
        var scratch = new DamagingFileIO();
        await using var bucket = await Bucket.CreateAsync(new RandomValues(3), 3, scratch, hasRows: true);
        var keys = await bucket.AllKeysAsync(bucket.Lookup);
        var found = bucket.Lookup.CreateRows();
        scratch.Damages = true;
        var error = await Assert.ThrowsAsync<CorruptDataException>(
            async () => await bucket.Lookup.LookupAsync(keys, 1, found, CancellationToken.None));
        Assert.EndsWith(".lookup", error.Path, StringComparison.Ordinal);
        scratch.Damages = false;
        await bucket.CheckAsync(bucket.Lookup, keys, fromLevel: 1);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new RandomValues(seed);
        await using var bucket = await Bucket.CreateAsync(random, seed, new MemoryFileIO(), hasRows: random.Next(3) > 0);
        var keys = await bucket.AllKeysAsync(bucket.Lookup);
        await bucket.CheckAsync(bucket.Lookup, keys, 1 + random.Next(3));
        bucket.DeleteSome(random);
        await bucket.CheckAsync(bucket.Lookup, keys, 1);
        var next = await bucket.Lookup.UpdateAsync(bucket.WithoutFile(random), bucket.DeletedRows);
        await bucket.CheckAsync(next, keys, 1);
    }

    /// <summary>A bucket whose flushed files are told to be on levels of their own.</summary>
    private sealed class Bucket : IAsyncDisposable
    {
        private readonly Table _table;
        private readonly LookupStore _store;
        private readonly BucketFiles _files;
        private readonly bool _hasRows;
        private readonly Dictionary<string, DeletionVector> _deletions = [];
        private List<DataFileMeta> _metas;

        private Bucket(Table table, List<DataFileMeta> metas, bool hasRows)
        {
            _table = table;
            _metas = metas;
            _hasRows = hasRows;
            _store = new LookupStore(table.Environment, LookupOptions.Of(table.Options));
            _files = table.BucketOf(new BucketId(BinaryRowBytes.Empty, 0));
            Lookup = new LookupLevels(
                _store, table.Schema, _files.Readers, _files.Directory, LevelsOf(), hasRows, DeletedRows);
        }

        public LookupLevels Lookup { get; }

        public static async Task<Bucket> CreateAsync(RandomValues random, int seed, IFileIO scratch, bool hasRows)
        {
            var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment(seed) with { ScratchFiles = scratch });
            var definition = new TableDefinition()
                .Option("bucket", "1").Option("write-only", "true")
                .Option("lookup.cache-max-memory-size", random.Next(2) == 0 ? "1 b" : "16 mb");
            var keys = 1 + random.Next(2);
            for (var i = 0; i < keys; i++)
            {
                definition = definition.Column($"k{i}", random.Scalar());
            }

            definition = definition.Column("v", random.Scalar().Nullable()).Column("w", DataTypes.Array(random.Scalar().Nullable()));
            var table = await catalog.CreateTableAsync(
                new Identifier("db", "t"), definition.PrimaryKey([.. definition.Columns.Take(keys).Select(column => column.Name)]));
            await using (var writer = table.NewWriter())
            {
                for (var i = 1 + random.Next(4); i >= 0; i--)
                {
                    await writer.WriteAsync(LookupTables.NewBatch(random, table, minRows: 1));
                    await writer.CommitAsync();
                }
            }

            var entries = await table.Store.Scan.LiveAsync((await table.Store.Snapshots.LatestAsync())!, ScanFilter.All);
            return new Bucket(table, [.. entries.Select((entry, i) => entry.File with { Level = i + 1 })], hasRows);
        }

        public DeletionVector? DeletedRows(string file) => _deletions.GetValueOrDefault(file);

        public void DeleteSome(RandomValues random)
        {
            foreach (var meta in _metas.Where(_ => random.Next(2) == 0))
            {
                var deleted = new DeletionVector(is64Bit: false);
                for (var row = 0; row < meta.RowCount; row += 1 + random.Next(4))
                {
                    deleted.Delete(row);
                }

                _deletions[meta.FileName] = deleted;
            }
        }

        public Levels WithoutFile(RandomValues random)
        {
            _metas = [.. _metas.Where(_ => random.Next(4) > 0)];
            return LevelsOf();
        }

        // Keys of all files, once each, ascending.
        public async Task<EncodedKeys> AllKeysAsync(LookupLevels lookup)
        {
            var type = _table.Schema.TrimmedPrimaryKeyType;
            var columns = BinaryRows.CreateColumns(type);
            foreach (var meta in _metas)
            {
                await using var reader = await _files.Readers.OpenAsync(meta, CancellationToken.None);
                while (await reader.ReadAsync(type, columns, null, null, 1000, CancellationToken.None) > 0)
                {
                }
            }

            var all = lookup.Encoder.CreateKeys();
            lookup.Encoder.Encode(columns, 0, columns[0].Length, all);
            var order = Enumerable.Range(0, all.Count).ToArray();
            Array.Sort(order, all.Compare);
            order = [.. order.Where((row, i) => i == 0 || all.Compare(order[i - 1], row) != 0)];
            var sorted = BinaryRows.CreateColumns(type);
            for (var i = 0; i < sorted.Length; i++)
            {
                sorted[i].AppendGather(columns[i], order);
            }

            var keys = lookup.Encoder.CreateKeys();
            lookup.Encoder.Encode(sorted, 0, order.Length, keys);
            return keys;
        }

        public async Task CheckAsync(LookupLevels lookup, EncodedKeys keys, int fromLevel)
        {
            var expected = new Dictionary<string, string>();
            foreach (var meta in _metas.Where(meta => meta.Level >= fromLevel).OrderBy(meta => meta.Level))
            {
                foreach (var (key, row) in await ReadAsync(meta, lookup))
                {
                    expected.TryAdd(key, row);
                }
            }

            var found = lookup.CreateRows();
            await lookup.LookupAsync(keys, fromLevel, found, CancellationToken.None);
            Assert.Equal(expected.Count, found.Count);
            for (var key = 0; key < keys.Count; key++)
            {
                var row = found.RowOf(key);
                Assert.Equal(
                    expected.GetValueOrDefault(KeyText(keys, key)),
                    row < 0 ? null : Text(found.LevelOf(row), found.FileOf(row), found.PositionOf(row), found.Batch, row));
            }
        }

        public ValueTask DisposeAsync() => _store.DisposeAsync();

        private static string KeyText(EncodedKeys keys, int key) => $"{keys.Prefixes[key]} {Convert.ToHexString(keys[key])}";

        private string Text(int level, DataFileMeta file, long position, ColumnBatch batch, int row) => _hasRows
            ? $"{level} {file.FileName} {position} {batch.KindOf(row)} {batch.Sequences!.Values[row]} "
                + string.Join("|", batch.Columns.Select(column => ValueText.Format(column, row)))
            : $"{level} {file.FileName} {position}";

        private async Task<List<(string Key, string Row)>> ReadAsync(DataFileMeta meta, LookupLevels lookup)
        {
            var type = _table.Schema.RowType;
            var batch = new ColumnBatch(type, withKinds: true, withSequences: true);
            await using var reader = await _files.Readers.OpenAsync(meta, CancellationToken.None);
            int rows;
            while ((rows = await reader.ReadAsync(
                type, [.. batch.Columns], batch.Sequences, batch.Kinds, 1000, CancellationToken.None)) > 0)
            {
                batch.EndRows(rows);
            }

            var keys = lookup.Encoder.CreateKeys();
            var keyColumns = _table.Schema.TrimmedPrimaryKeys.Select(name => batch.Columns[type.IndexOf(name)]).ToArray();
            lookup.Encoder.Encode(keyColumns, 0, batch.RowCount, keys);
            var deleted = DeletedRows(meta.FileName);
            return
            [
                .. Enumerable.Range(0, batch.RowCount)
                    .Where(row => deleted is null || !deleted.IsDeleted(row))
                    .Select(row => (KeyText(keys, row), Text(meta.Level, meta, row, batch, row))),
            ];
        }

        private Levels LevelsOf() => new(_metas, _table.Schema.TrimmedPrimaryKeyType, levelCount: 1);
    }
}
