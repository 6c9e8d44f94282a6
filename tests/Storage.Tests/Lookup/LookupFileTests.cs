using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Tests;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Lookup;

/// <summary>Lookup files against dictionaries: keys and rows of all types, and damage.</summary>
public class LookupFileTests
{
    [Fact]
    public void A_lookup_file_finds_what_a_dictionary_finds() => ForSeeds(150, async seed =>
    {
        var random = new RandomValues(seed);
        var sample = await Sample.WriteAsync(random, random.Next(3) == 0 ? 3000 : random.Next(40));
        var file = await sample.OpenAsync();
        Assert.Equal(sample.Rows.Count, file.RowCount);
        for (var key = 0; key < sample.Keys.Count; key++)
        {
            Assert.Equal(sample.Expected(key), await sample.FindAsync(file, key));
        }

        await file.RetireAsync();
    });

    [Fact]
    public void A_damaged_lookup_file_gives_a_typed_error_or_the_right_rows() => ForSeeds(100, async seed =>
    {
        var random = new RandomValues(seed);
        var sample = await Sample.WriteAsync(random, random.Next(2) == 0 ? 600 : random.Next(20));
        var whole = sample.Bytes;
        var damage = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            sample.Bytes = [.. whole];
            Fuzz.Damage(ref sample.Bytes, damage);
            try
            {
                var file = await sample.OpenAsync();
                for (var key = 0; key < sample.Keys.Count; key += 1 + damage.Next(9))
                {
                    Assert.Equal(sample.Expected(key), await sample.FindAsync(file, key));
                }
            }
            catch (CorruptDataException e)
            {
                Assert.Equal("/lookup", e.Path);
            }
        }
    });

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.001)]
    public void A_filter_has_no_false_negatives_and_about_the_rate_of_false_positives_asked_for(double rate)
    {
        const int Keys = 20_000;
        var encoder = new KeyEncoder(DataTypes.Row([new DataField(0, "k", DataTypes.BigInt.NotNull())]));
        var column = new FixedVector<long>(DataTypes.BigInt.NotNull());
        for (var i = 0; i < 6 * Keys; i++)
        {
            column.Append(i);
        }

        var keys = encoder.CreateKeys();
        encoder.Encode([column], 0, column.Length, keys);
        var filter = KeyFilter.Create(Keys, rate);
        for (var i = 0; i < Keys; i++)
        {
            filter.Add(KeyHash.Of(keys, i));
        }

        var stored = KeyFilter.Open(filter.Bytes.ToArray());
        Assert.All(Enumerable.Range(0, Keys), i => Assert.True(stored.MayContain(KeyHash.Of(keys, i))));
        var passed = Enumerable.Range(Keys, 5 * Keys).Count(i => stored.MayContain(KeyHash.Of(keys, i)));
        Assert.InRange(passed / (5.0 * Keys), 0, 2.5 * rate);
    }

    private static void ForSeeds(int count, Func<int, Task> property) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    /// <summary>Random rows by key, half of the keys in a file.</summary>
    private sealed class Sample
    {
        private readonly RowType _rowType;
        private readonly LookupOptions _options;
        private readonly Dictionary<string, string> _model = [];
        private string[] _keyTexts = [];

        private Sample(RandomValues random)
        {
            _rowType = random.Row(1 + random.Next(4), () => random.Any());
            _options = new LookupOptions
            {
                Directory = "/scratch",
                FalsePositiveRate = random.Next(3) == 0 ? 0 : 0.05,
                Codec = random.Next(3) switch { 0 => CompressionCodec.None, 1 => CompressionCodec.Snappy, _ => CompressionCodec.Lz4Raw },
            };
            HasRows = random.Next(4) > 0;
        }

        public byte[] Bytes = [];

        public EncodedKeys Keys { get; private set; } = null!;

        public IReadOnlyDictionary<string, string> Rows => _model;

        private bool HasRows { get; }

        public static async Task<Sample> WriteAsync(RandomValues random, int count)
        {
            var sample = new Sample(random);
            var keyType = random.Row(1 + random.Next(3), random.Scalar);
            var columns = keyType.Fields.Select(field => random.Column(field.Type, count)).ToArray();
            var encoder = new KeyEncoder(keyType);
            var all = encoder.CreateKeys();
            encoder.Encode(columns, 0, count, all);
            var order = Enumerable.Range(0, count).ToArray();
            Array.Sort(order, all.Compare);
            order = [.. order.Where((row, i) => i == 0 || all.Compare(order[i - 1], row) != 0)];
            var sorted = keyType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                sorted[i].AppendGather(columns[i], order);
            }

            sample.Keys = encoder.CreateKeys();
            encoder.Encode(sorted, 0, order.Length, sample.Keys);
            sample._keyTexts = [.. Enumerable.Range(0, order.Length).Select(row => KeyOf(sample.Keys, row))];
            var kept = Enumerable.Range(0, order.Length).Where(_ => random.Next(2) == 0).ToArray();
            var keptKeys = sorted.Select(column => Gather(column, kept)).ToArray();
            await sample.WriteAsync(random, encoder, keptKeys, kept);
            return sample;
        }

        public ValueTask<LookupFile> OpenAsync()
        {
            var io = new MemoryFileIO();
            io.TryPublishAsync("/lookup", Bytes).AsTask().GetAwaiter().GetResult();
            var input = io.OpenAsync("/lookup").AsTask().GetAwaiter().GetResult();
            return LookupFile.OpenAsync(input, new LookupBlockCache(40_000), _options.Codec, CancellationToken.None);
        }

        public string? Expected(int key) => _model.GetValueOrDefault(_keyTexts[key]);

        public async Task<string?> FindAsync(LookupFile file, int key)
        {
            var index = file.BlockOf(Keys, key, KeyHash.Of(Keys, key), out var share);
            if (index < 0)
            {
                return null;
            }

            var block = await file.ReadAsync(index, CancellationToken.None);
            var row = block.Find(Keys, key, share);
            if (row < 0)
            {
                return null;
            }

            // Whatever is guessed of the place, the same row is found.
            Assert.Equal(row, block.Find(Keys, key, key % 3 / 2.0));
            var position = file.FirstRowOf(index) + row;
            if (!HasRows)
            {
                return $"{position}";
            }

            var columns = _rowType.Fields.Select(field => ColumnVector.Create(field.Type)).ToArray();
            new BinaryRowReader(_rowType).Read(block.RowOf(row), columns);
            return $"{position} {block.SequenceOf(row)} {block.KindOf(row)} {Texts(columns, 0)}";
        }

        private static string KeyOf(EncodedKeys keys, int row) => $"{keys.Prefixes[row]} {Convert.ToHexString(keys[row])}";

        private static ColumnVector Gather(ColumnVector column, int[] rows)
        {
            var target = ColumnVector.Create(column.Type);
            target.AppendGather(column, rows);
            return target;
        }

        private static string Texts(IReadOnlyList<ColumnVector> columns, int row) =>
            string.Join("|", columns.Select(column => ValueText.Format(column, row)));

        private async Task WriteAsync(RandomValues random, KeyEncoder encoder, ColumnVector[] keyColumns, int[] kept)
        {
            var columns = _rowType.Fields.Select(field => random.Column(field.Type, kept.Length)).ToArray();
            var sequences = new FixedVector<long>(DataTypes.BigInt.NotNull());
            var kinds = new FixedVector<RowKind>(DataTypes.TinyInt.NotNull());
            for (var row = 0; row < kept.Length; row++)
            {
                sequences.Append(random.Next(int.MaxValue) * 5_000_000_000L);
                kinds.Append((RowKind)random.Next(4));
                _model[_keyTexts[kept[row]]] = HasRows
                    ? $"{row} {sequences.Values[row]} {kinds.Values[row]} {Texts(columns, row)}"
                    : $"{row}";
            }

            var keys = encoder.CreateKeys();
            encoder.Encode(keyColumns, 0, kept.Length, keys);
            var io = new MemoryFileIO();
            await using (var output = await io.CreateAsync("/file"))
            {
                var writer = new LookupFileWriter(output, _options, encoder, HasRows ? _rowType : null, kept.Length);
                await writer.AddAsync(keys, columns, sequences, kinds, CancellationToken.None);
                await writer.CompleteAsync(CancellationToken.None);
            }

            await using var input = await io.OpenAsync("/file");
            Bytes = new byte[input.SizeBytes];
            await input.ReadAsync(0, Bytes);
        }
    }
}
