using PaimonSharp.Data;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>Rows of keys and names that jobs write, and what is left of them.</summary>
internal static class NamedRows
{
    private const int RowsPerCommit = 12;
    private const int Keys = 20;

    /// <summary>All keys there may be.</summary>
    public static IEnumerable<long> AllKeys => Enumerable.Range(0, Keys).Select(static key => (long)key);

    /// <summary>The rows of a commit, which depend on its number alone.</summary>
    public static IEnumerable<(long Id, string Name, bool IsDelete)> Of(long commit)
    {
        var random = new Random((int)commit * 7919);
        for (var i = 0; i < RowsPerCommit; i++)
        {
            yield return (random.Next(Keys), $"name {commit}.{i}", random.Next(5) == 0);
        }
    }

    /// <summary>The names by key after a commit.</summary>
    public static SortedDictionary<long, string> StateAfter(long commit)
    {
        var state = new SortedDictionary<long, string>();
        for (var i = 1L; i <= commit; i++)
        {
            foreach (var (id, name, isDelete) in Of(i))
            {
                if (isDelete)
                {
                    state.Remove(id);
                }
                else
                {
                    state[id] = name;
                }
            }
        }

        return state;
    }

    /// <summary>The rows of a scan.</summary>
    public static async Task<SortedDictionary<long, string>> ReadAsync(TableScan scan)
    {
        var result = new SortedDictionary<long, string>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            Assert.True(result.TryAdd(row.GetInt64("id"), row.GetString("name")), $"{row} of a key that is there twice");
        }

        return result;
    }

    /// <summary>What all changes of a table come to; each must fit those before it.</summary>
    public static async Task<SortedDictionary<long, string>> ReplayAsync(Table table)
    {
        var state = new SortedDictionary<long, string>();
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        await foreach (var batch in stream.ReadAsync())
        {
            for (var i = 0; i < batch.Rows.RowCount; i++)
            {
                var row = new Row(batch.Rows, i);
                if (batch.Rows.KindOf(i).IsAdd())
                {
                    Assert.True(state.TryAdd(row.GetInt64("id"), row.GetString("name")), $"{row} of a key that is there");
                }
                else
                {
                    Assert.True(state.Remove(row.GetInt64("id"), out var before) && before == row.GetString("name"), $"{row} is wrong");
                }
            }
        }

        return state;
    }
}
