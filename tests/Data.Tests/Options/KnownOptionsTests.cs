using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Data.Tests.Options;

public class KnownOptionsTests
{
    [Theory]
    [InlineData("merge-engine")]
    [InlineData("write.compaction-skip")]
    [InlineData("fields.v.aggregate-function")]
    [InlineData("fields.a,b.sequence-group")]
    [InlineData("fields.default-aggregate-function")]
    [InlineData("file-index.bloom-filter.columns")]
    [InlineData("file-index.bloom-filter.v.items")]
    [InlineData("field.v.vector-dim")]
    [InlineData("sink.parallelism")]
    [InlineData("parquet.page.row.count.limit")]
    [InlineData("metadata.iceberg.storage")]
    public void Options_of_tables_columns_indexes_engines_and_formats_are_known(string key) => Assert.True(KnownOptions.Contains(key));

    [Theory]
    [InlineData("merge-engin", "merge-engine")]
    [InlineData("mergeengine", "merge-engine")]
    [InlineData("Bucket", "bucket")]
    [InlineData("bukcet", "bucket")]
    [InlineData("changelog-producers", "changelog-producer")]
    [InlineData("deletion-vectors", "deletion-vectors.enabled")]
    [InlineData("compaction-trigger", "num-sorted-run.compaction-trigger")]
    [InlineData("snapshot.num-retain.min", "snapshot.num-retained.min")]
    [InlineData("fields.v.aggregate-func", "fields.v.aggregate-function")]
    [InlineData("field.v.aggregate-function", "fields.v.aggregate-function")]
    [InlineData("file-index.bloomfilter.columns", "file-index.bloom-filter.columns")]
    [InlineData("file-index.bitmap.v.item", "file-index.bitmap.v.items")]
    [InlineData("parquet.blocksize", "parquet.block.size")]
    [InlineData("no.such.option", null)]
    public void An_option_that_is_not_known_is_like_one_that_is(string key, string? nearest)
    {
        Assert.False(KnownOptions.Contains(key));
        Assert.Equal(nearest, KnownOptions.Nearest(key));
    }

    [Theory]
    [InlineData("write-only", "maybe", "true or false")]
    [InlineData("write.compaction-skip", "", "true or false")]
    [InlineData("snapshot.num-retained.min", "ten", "a whole number")]
    [InlineData("scan.snapshot-id", "1.5", "a whole number")]
    [InlineData("lookup.cache.bloom.filter.fpp", "some", "a number")]
    [InlineData("target-file-size", "128 megs", "a size such as '128 mb'")]
    [InlineData("snapshot.time-retained", "1 fortnight", "a duration such as '1 h'")]
    [InlineData("merge-engine", "newest", "one of deduplicate, partial-update, aggregation, first-row")]
    [InlineData("log.scan", "yesterday", "one of default, latest-full")]
    [InlineData("fields.v.distinct", "1", "true or false")]
    [InlineData("fields.v.count-limit", "many", "a whole number")]
    [InlineData("file-index.bloom-filter.v.fpp", "few", "a number")]
    public void A_value_that_means_nothing_is_refused_with_what_is_expected(string key, string value, string expected)
    {
        var error = Assert.Throws<PaimonException>(() => KnownOptions.CheckValue(key, value));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains($"Option '{key}' is '{value}'; expected {expected}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("write-only", "TRUE")]
    [InlineData("merge-engine", "Partial-Update")]
    [InlineData("target-file-size", "1g")]
    [InlineData("snapshot.time-retained", "7 d")]
    [InlineData("file.format", "anything")]
    [InlineData("no.such.option", "anything")]
    public void Other_values_are_taken(string key, string value) => KnownOptions.CheckValue(key, value);

    [Fact]
    public void A_name_for_a_value_is_read_in_any_case_and_the_first_one_is_the_default()
    {
        Assert.Equal("first-row", With("merge-engine", "FIRST-ROW").GetChoice("merge-engine"));
        Assert.Equal("deduplicate", TableOptions.Empty.GetChoice("merge-engine"));
    }

    [Fact]
    public void An_older_name_of_an_option_counts_where_the_newer_one_is_absent()
    {
        Assert.True(With("write.compaction-skip", "true").GetBoolean("write-only", false));
        Assert.True(With("deduplicate.ignore-delete", "true").Contains("ignore-delete"));
        var both = With("write.compaction-skip", "true").With([new("write-only", "false")]);
        Assert.False(both.GetBoolean("write-only", true));
    }

    private static TableOptions With(string key, string value) => new(new Dictionary<string, string> { [key] = value });
}
