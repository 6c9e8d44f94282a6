using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>Which options go together, as Paimon's own checks have it. Tables have the columns k, p, a, g, h, t, s, l.</summary>
public class SchemaValidationTests
{
    private const string Partial = "merge-engine=partial-update";

    [Theory]
    [InlineData("bucket=4")]
    [InlineData("bucket=-1")]
    [InlineData("bucket=-2")]
    [InlineData("bucket=2 bucket-key=k")]
    [InlineData("merge-engine=First-Row changelog-producer=lookup")]
    [InlineData("merge-engine=first-row changelog-producer=none ignore-delete=true")]
    [InlineData("merge-engine=aggregation fields.default-aggregate-function=sum sequence.field=t")]
    [InlineData("merge-engine=aggregation fields.s.aggregate-function=sum")]
    [InlineData("fields.a.aggregate-function=frobnicate")]
    [InlineData("sequence.field=t,g sequence.field.sort-order=descending")]
    [InlineData($"{Partial} fields.g.sequence-group=a fields.h.sequence-group=s")]
    [InlineData($"{Partial} fields.g,h.sequence-group=a,g,h,k fields.a.aggregate-function=sum")]
    [InlineData($"{Partial} fields.a.aggregate-function=last_non_null_value")]
    [InlineData($"{Partial} partial-update.remove-record-on-delete=true")]
    [InlineData($"{Partial} fields.g,h.sequence-group=a partial-update.remove-record-on-sequence-group=h")]
    [InlineData("deletion-vectors.enabled=true changelog-producer=input")]
    [InlineData("deletion-vectors.enabled=true changelog-producer=lookup")]
    [InlineData("rowkind.field=s")]
    [InlineData("record-level.time-field=t record-level.expire-time=1d")]
    [InlineData("record-level.time-field=l")]
    [InlineData("record-level.expire-time=1d")]
    [InlineData("snapshot.num-retained.min=3 snapshot.num-retained.max=3")]
    [InlineData("changelog.num-retained.min=1 changelog.num-retained.max=30")]
    [InlineData("scan.mode=from-snapshot scan.snapshot-id=3")]
    [InlineData("scan.timestamp-millis=5")]
    [InlineData("file.format=AVRO")]
    [InlineData("pk-clustering-override=true clustering.columns=a deletion-vectors.enabled=true")]
    [InlineData("table-read.sequence-number.enabled=true")]
    [InlineData("write-only=maybe no.such.option=1")]
    [InlineData("streaming-read-overwrite=true changelog-producer=input")]
    public void These_options_go_together(string options) => SchemaValidation.Check(Schema(options, ["k"]));

    [Theory]
    [InlineData("bucket=0", "'bucket' is 0")]
    [InlineData("bucket=-3", "'bucket' is -3")]
    [InlineData("bucket=many", "'bucket' is 'many'")]
    [InlineData("bucket=-1 bucket-key=k", "bucket = -1")]
    [InlineData("bucket=2 bucket-key=nope", "nope")]
    [InlineData("bucket=2 bucket-key=r", "bucket key")]
    [InlineData("merge-engine=newest", "'merge-engine' is 'newest'; expected one of deduplicate")]
    [InlineData("changelog-producer=all", "'changelog-producer' is 'all'; expected one of none")]
    [InlineData("merge-engine=first-row changelog-producer=input", "none and lookup can")]
    [InlineData("merge-engine=first-row changelog-producer=full-compaction", "none and lookup can")]
    [InlineData("merge-engine=first-row sequence.field=t", "'sequence.field' cannot be used with merge-engine 'first-row'")]
    [InlineData("merge-engine=first-row deletion-vectors.enabled=true", "never deletes")]
    [InlineData("deletion-vectors.enabled=true changelog-producer=full-compaction", "none, input and lookup")]
    [InlineData("deletion-vectors.enabled=perhaps", "true or false")]
    [InlineData("sequence.field=nope", "'nope'")]
    [InlineData("sequence.field=t,t", "twice")]
    [InlineData("merge-engine=aggregation sequence.field=t fields.t.aggregate-function=max", "sequence field")]
    [InlineData("fields.nope.aggregate-function=sum", "'nope'")]
    [InlineData("merge-engine=aggregation fields.a.aggregate-function=frobnicate", "no aggregate function 'frobnicate'")]
    [InlineData("merge-engine=aggregation fields.k.aggregate-function=frobnicate", "no aggregate function 'frobnicate'")]
    [InlineData("merge-engine=aggregation fields.default-aggregate-function=frobnicate", "no aggregate function 'frobnicate'")]
    [InlineData($"{Partial} fields.g.sequence-group=a fields.a.aggregate-function=frobnicate", "no aggregate function 'frobnicate'")]
    [InlineData("fields.a,nope.sequence-group=s", "'nope'")]
    [InlineData($"{Partial} fields.g.sequence-group=nope", "'nope'")]
    [InlineData($"{Partial} fields.g.sequence-group=a fields.h.sequence-group=a", "'fields.h.sequence-group'")]
    [InlineData($"{Partial} fields.g.sequence-group=h fields.h.sequence-group=a", "sequence field of another group")]
    [InlineData($"{Partial} fields.a.aggregate-function=sum", "'fields.<sequence column>.sequence-group' = 'a'")]
    [InlineData($"{Partial} fields.default-aggregate-function=max fields.g.sequence-group=a", "needs a sequence group")]
    [InlineData($"{Partial} partial-update.remove-record-on-delete=true ignore-delete=true", "contradict")]
    [InlineData($"{Partial} partial-update.remove-record-on-delete=true partial-update.ignore-delete=true", "contradict")]
    [InlineData($"{Partial} fields.g.sequence-group=a partial-update.remove-record-on-sequence-group=g ignore-delete=true", "contradict")]
    [InlineData($"{Partial} fields.g.sequence-group=a partial-update.remove-record-on-delete=true", "sequence groups")]
    [InlineData($"{Partial} fields.g.sequence-group=a partial-update.remove-record-on-sequence-group=a", "'a'; sequence fields of groups are expected: g")]
    [InlineData($"{Partial} partial-update.remove-record-on-sequence-group=g", "there are no groups")]
    [InlineData("rowkind.field=nope", "'nope'")]
    [InlineData("record-level.time-field=nope", "'nope'")]
    [InlineData("record-level.time-field=s", "INT, BIGINT or TIMESTAMP is expected")]
    [InlineData("partition.expiration-time=7d", "partitioned table")]
    [InlineData("snapshot.num-retained.min=0", "at least 1")]
    [InlineData("snapshot.num-retained.max=5", "'snapshot.num-retained.min' is 10 and")]
    [InlineData("changelog.num-retained.min=3 changelog.num-retained.max=2", "'changelog.num-retained.min' is 3")]
    [InlineData("snapshot.num-retained.min=some", "a whole number")]
    [InlineData("scan.mode=from-snapshot", "needs exactly one")]
    [InlineData("scan.mode=latest scan.snapshot-id=1", "'scan.snapshot-id' does not go with")]
    [InlineData("scan.mode=incremental incremental-between=1,2 scan.tag-name=x", "'scan.tag-name' does not go with")]
    [InlineData("scan.mode=yesterday", "expected one of")]
    [InlineData("file.format=paper", "'file.format' is 'paper'")]
    [InlineData("streaming-read-overwrite=true changelog-producer=lookup", "streaming-read-overwrite")]
    [InlineData("upsert-key=a", "for tables without a primary key")]
    [InlineData("row-tracking.enabled=true", "without a primary key")]
    [InlineData("clustering.incremental=true", "without a primary key")]
    [InlineData("pk-clustering-override=true deletion-vectors.enabled=true", "'clustering.columns'")]
    [InlineData("pk-clustering-override=true clustering.columns=a", "deletion-vectors.enabled")]
    [InlineData("pk-clustering-override=true clustering.columns=a deletion-vectors.enabled=true sequence.field=t", "'sequence.field'")]
    [InlineData("pk-clustering-override=true clustering.columns=a deletion-vectors.enabled=true record-level.expire-time=1d", "record-level")]
    [InlineData($"pk-clustering-override=true clustering.columns=a deletion-vectors.enabled=true {Partial}", "'partial-update'")]
    [InlineData("chain-table.enabled=true", "needs partition columns")]
    [InlineData("blob-descriptor-field=a", "BLOB is expected")]
    [InlineData("vector-field=a", "VECTOR is expected")]
    public void These_options_contradict_each_other_or_the_columns(string options, string part) =>
        AssertRefused(Schema(options, ["k"]), part);

    [Theory]
    [InlineData("bucket=2", "'bucket-key'")]
    [InlineData("bucket=-2", "'bucket' is -2")]
    [InlineData("changelog-producer=input", "needs a primary key")]
    [InlineData("streaming-read-overwrite=true", "without a primary key")]
    [InlineData("table-read.sequence-number.enabled=true", "without a primary key")]
    [InlineData("full-compaction.delta-commits=3", "full-compaction.delta-commits")]
    [InlineData("data-evolution.enabled=true", "'row-tracking.enabled' = 'true'")]
    [InlineData("row-tracking.enabled=true bucket=2 bucket-key=k", "bucket = -1")]
    [InlineData("row-tracking.enabled=true data-evolution.enabled=true deletion-vectors.enabled=true", "'deletion-vectors.enabled'")]
    [InlineData("clustering.incremental=true bucket=2 bucket-key=k", "bucket-append-ordered")]
    [InlineData("upsert-key=r", "upsert key")]
    public void These_options_make_no_table_without_a_primary_key(string options, string part) =>
        AssertRefused(Schema(options, []), part);

    [Theory]
    [InlineData("r", "bucket=1", "primary key")]
    [InlineData("k", "bucket=1 chain-table.enabled=true partition.timestamp-pattern=$p", "'partition.timestamp-formatter'")]
    [InlineData("k", "sequence.field=t", "lacks a partition column")]
    public void These_options_make_no_partitioned_table(string key, string options, string part) =>
        AssertRefused(Schema(options, [key], ["p"]), part);

    [Fact]
    public void The_keys_of_a_chain_are_the_last_partition_columns()
    {
        const string Options = "bucket=1 chain-table.enabled=true partition.timestamp-pattern=$p partition.timestamp-formatter=x "
            + "chain-table.chain-partition-keys=";
        SchemaValidation.Check(Schema(Options + "p", ["k", "p", "a"], ["a", "p"]));
        AssertRefused(Schema(Options + "a", ["k", "p", "a"], ["a", "p"]), "the last of the partition columns");
    }

    [Fact]
    public async Task A_change_of_options_is_checked_with_the_whole_schema()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(
            new Identifier("db", "t"), new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.Int).PrimaryKey("k"));

        await AssertRefusedAsync("sequence.field", "nope", "'nope'");
        await AssertRefusedAsync("rowkind.field", "nope", "'nope'");
        await AssertRefusedAsync("record-level.time-field", "w", "'w'");
        await AssertRefusedAsync("scan.fallback-branch", "nope", "no such branch");
        await table.Branches.CreateAsync("there");
        await table.AlterAsync([new SchemaChange.SetOption("scan.fallback-branch", "there")]);
        await table.AlterAsync([new SchemaChange.SetOption("write-only", "maybe"), new SchemaChange.SetOption("no.such", "1")]);

        async Task AssertRefusedAsync(string key, string value, string part)
        {
            var error = await Assert.ThrowsAsync<PaimonException>(() => table.AlterAsync([new SchemaChange.SetOption(key, value)]).AsTask());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_partition_of_bytes_needs_folders_with_names_of_the_new_style()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int).Column("p", DataTypes.Bytes).PrimaryKey("k", "p").PartitionedBy("p");

        var error = await Assert.ThrowsAsync<PaimonException>(
            () => catalog.CreateTableAsync(new Identifier("db", "t"), definition).AsTask());

        Assert.Contains("'partition.legacy-name' = 'false'", error.Message, StringComparison.Ordinal);
        await catalog.CreateTableAsync(new Identifier("db", "t"), definition.Option("partition.legacy-name", "false"));
    }

    private static void AssertRefused(TableSchema schema, string part)
    {
        var error = Assert.Throws<PaimonException>(() => SchemaValidation.Check(schema));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static TableSchema Schema(string options, string[] primaryKeys, string[]? partitionKeys = null)
    {
        DataType[] types =
        [
            DataTypes.Int, DataTypes.String, DataTypes.Int, DataTypes.Int, DataTypes.Int, DataTypes.BigInt, DataTypes.String,
            DataTypes.Timestamp(3), new RowType([new DataField(20, "x", DataTypes.Int)]),
        ];
        return new TableSchema(
            0,
            [.. types.Select((type, i) => new DataField(i, "kpaghtslr"[i].ToString(), type))],
            20,
            partitionKeys ?? [],
            primaryKeys,
            options.Split(' ').Select(option => option.Split('=')).ToDictionary(option => option[0], option => option[1]),
            null,
            0);
    }
}
