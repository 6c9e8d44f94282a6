using PaimonSharp.Data;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Applies a changelog from the first snapshot on, and refuses a change that does not fit the state.</summary>
internal sealed class ChangelogReplay
{
    private long _next = 1;

    public SortedDictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>Applies what was committed since the last call.</summary>
    public async Task FollowAsync(Table table)
    {
        var latest = (await table.LatestSnapshotAsync())?.Id ?? 0;
        if (latest < _next)
        {
            return;
        }

        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = _next, Bounded = true });
        _next = latest + 1;
        await foreach (var batch in stream.ReadAsync())
        {
            for (var row = 0; row < batch.Rows.RowCount; row++)
            {
                Apply(batch.Rows.KindOf(row), ChangelogShape.KeyOf(batch.Rows, row), ChangelogShape.ValueOf(batch.Rows, row));
            }
        }
    }

    private void Apply(RowKind kind, string key, string value)
    {
        switch (kind)
        {
            case RowKind.Insert:
                Assert.True(State.TryAdd(key, value), $"+I of {key}, which is there");
                break;
            case RowKind.UpdateAfter:
                Assert.False(State.ContainsKey(key), $"+U of {key} without -U");
                State[key] = value;
                break;
            default:
                Assert.Equal(value, State.GetValueOrDefault(key));
                State.Remove(key);
                break;
        }
    }
}
