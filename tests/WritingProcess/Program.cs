using System.Globalization;
using PaimonSharp.Storage.Tables;

// One of several processes that write one table: WritingProcess TABLE USER FIRST_KEY COMMITS. Every commit adds one row with a
// key of its own, and a version of the row with key 0 that all processes write; no two versions have the same sequence.
var (path, user) = (args[0], args[1]);
var firstKey = int.Parse(args[2], CultureInfo.InvariantCulture);
var commits = int.Parse(args[3], CultureInfo.InvariantCulture);
var table = await Table.OpenAsync(path);
await using var writer = table.NewWriter(user);
for (var i = 0; i < commits; i++)
{
    await writer.UpsertAsync(firstKey + i, user, 0L);
    await writer.UpsertAsync(0, $"{user} {i}", (i * (long)int.MaxValue) + firstKey);
    await writer.CommitAsync(new CommitOptions { Identifier = i + 1 });
}
