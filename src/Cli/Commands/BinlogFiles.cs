using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli.Commands;

/// <summary>The binlog files that arguments name: themselves, or all numbered files of a folder, in order.</summary>
internal static class BinlogFiles
{
    public static IReadOnlyList<BinlogFile> Find(IReadOnlyList<string> sources)
    {
        var files = new List<string>();
        foreach (var source in sources)
        {
            if (!UserFiles.IsDirectory(source))
            {
                files.Add(source);
                continue;
            }

            var found = UserFiles.ListFiles(source).Where(IsNumbered).Order(StringComparer.Ordinal).ToArray();
            if (found.Length == 0)
            {
                PaimonException.ThrowInvalid($"The folder {source} holds no binlog files such as binlog.000001 or binlog.000001.gz.");
            }

            files.AddRange(found);
        }

        return [.. files.Select(Open)];
    }

    private static BinlogFile Open(string path)
    {
        var name = Path.GetFileName(path);
        return new BinlogFile(
            name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name,
            _ => ValueTask.FromResult(UserFiles.OpenRead(path)));
    }

    private static bool IsNumbered(string path)
    {
        var name = Path.GetFileName(path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path);
        var dot = name.LastIndexOf('.');
        return dot >= 0 && name.Length - dot > 6 && !name.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
    }
}
