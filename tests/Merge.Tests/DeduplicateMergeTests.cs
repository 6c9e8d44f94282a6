using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Tests;

public class DeduplicateMergeTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Groups_are_reduced_as_a_naive_fold_reduces_them(bool ignoreDelete, bool dropRetracts)
    {
        var random = new Random(7);
        var kinds = new FixedVector<RowKind>(DataTypes.TinyInt.NotNull());
        var plan = new MergePlan();
        var expected = new List<RowReference>();
        for (var group = 0; group < 200; group++)
        {
            var versions = new List<RowReference>();
            for (var i = random.Next(4); i >= 0; i--)
            {
                versions.Add(new RowReference(0, kinds.Length));
                kinds.Append((RowKind)random.Next(4));
            }

            plan.BeginGroup(versions[0]);
            versions.Skip(1).ToList().ForEach(plan.Add);
            var result = Fold(versions, kinds, ignoreDelete);
            if (result is { } row && !(dropRetracts && kinds.Values[row.Row].IsRetract()))
            {
                expected.Add(row);
            }
        }

        var merge = new DeduplicateEngine(ignoreDelete).Bind(new RowType([]));
        merge.Merge(new MergeInput { Plan = plan, Kinds = [kinds], Columns = [], DropRetracts = dropRetracts });
        Assert.Equal(expected, merge.Result.Rows.ToArray());
        Assert.Equal(expected.Select(row => kinds.Values[row.Row]), merge.Result.Kinds.ToArray());
    }

    [Fact]
    public void A_range_of_unique_rows_is_a_group_for_each_row()
    {
        var plan = new MergePlan();
        plan.AddUnique(source: 3, start: 10, count: 5000);
        Assert.Equal(5000, plan.GroupCount);
        Assert.Equal(5000, plan.Rows.Length);
        Assert.Equal(new RowReference(3, 5009), plan[4999][0]);
        plan.Clear();
        Assert.Equal(0, plan.GroupCount);
    }

    private static RowReference? Fold(List<RowReference> versions, FixedVector<RowKind> kinds, bool ignoreDelete)
    {
        if (versions.Count == 1)
        {
            return versions[0];
        }

        RowReference? latest = null;
        foreach (var version in versions)
        {
            if (!(ignoreDelete && kinds.Values[version.Row].IsRetract()))
            {
                latest = version;
            }
        }

        return latest;
    }
}
