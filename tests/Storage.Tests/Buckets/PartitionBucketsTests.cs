using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Compaction;

namespace PaimonSharp.Storage.Tests.Buckets;

public class PartitionBucketsTests
{
    [Fact]
    public void A_hash_stays_in_its_bucket_and_buckets_fill_up_one_after_another() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), Arb.From(Gen.Choose(1, 5)), (hashes, target) =>
        {
            var buckets = new PartitionBuckets(new DynamicBucketOptions(target, DynamicBucketOptions.Unlimited, 1));
            var model = new Dictionary<int, int>();
            foreach (var hash in hashes)
            {
                var expected = model.GetValueOrDefault(hash, model.Count / target);
                Assert.Equal(expected, buckets.Assign(hash, 0));
                model[hash] = expected;
            }

            Assert.Equal(model.Count, buckets.HashCount);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_written_and_loaded_again_assigns_as_before() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int[]>(), (before, after) =>
        {
            var options = new DynamicBucketOptions(3, DynamicBucketOptions.Unlimited, 2);
            var written = new PartitionBuckets(options);
            var loaded = new PartitionBuckets(options);
            foreach (var hash in before)
            {
                written.Assign(hash, hash & 1);
            }

            foreach (var (bucket, hashes) in written.TakeChanged())
            {
                loaded.Load(bucket, hashes);
            }

            Assert.False(written.IsChanged);
            foreach (var hash in before.Concat(after))
            {
                Assert.Equal(written.Assign(hash, hash & 1), loaded.Assign(hash, hash & 1));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Where_all_buckets_are_full_new_hashes_go_to_those_that_any_other_writer_would_choose()
    {
        var options = new DynamicBucketOptions(2, 3, 1);
        var grown = new PartitionBuckets(options);
        grown.Load(2, [100, 101]);
        for (var hash = 0; hash < 4; hash++)
        {
            grown.Assign(hash, 0);
        }

        var loaded = new PartitionBuckets(options);
        loaded.Load(2, [100, 101]);
        foreach (var (bucket, hashes) in grown.TakeChanged())
        {
            loaded.Load(bucket, hashes);
        }

        Assert.All(Enumerable.Range(1000, 50), hash => Assert.Equal(loaded.Assign(hash, 0), grown.Assign(hash, 0)));
    }

    [Fact]
    public void Assigners_have_buckets_of_their_own()
    {
        var buckets = new PartitionBuckets(new DynamicBucketOptions(2, DynamicBucketOptions.Unlimited, 3));
        for (var hash = 0; hash < 30; hash++)
        {
            Assert.Equal(hash % 3, buckets.Assign(hash, hash % 3) % 3);
        }
    }

    [Fact]
    public void At_the_highest_number_of_buckets_new_keys_go_to_any_of_them()
    {
        var buckets = new PartitionBuckets(new DynamicBucketOptions(2, 3, 1));
        var assigned = Enumerable.Range(0, 300).Select(hash => buckets.Assign(hash * 7919, 0)).ToList();
        Assert.Equal([0, 0, 1, 1, 2, 2], assigned.Take(6));
        Assert.Equal([0, 1, 2], assigned.Skip(6).Distinct().Order());
        Assert.Equal(assigned, Enumerable.Range(0, 300).Select(hash => buckets.Assign(hash * 7919, 0)));
    }

    [Fact]
    public void More_buckets_than_numbers_are_refused()
    {
        var buckets = new PartitionBuckets(new DynamicBucketOptions(1, DynamicBucketOptions.Unlimited, 1));
        for (var hash = 0; hash < short.MaxValue; hash++)
        {
            Assert.Equal(hash, buckets.Assign(hash, 0));
        }

        var error = Assert.Throws<PaimonException>(() => buckets.Assign(-1, 0));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("dynamic-bucket.target-row-num", error.Message, StringComparison.Ordinal);
    }
}
