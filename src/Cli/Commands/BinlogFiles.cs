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

        foreach (var (before, after) in files.Zip(files.Skip(1)))
        {
            CheckOrder(Name(before), Name(after));
        }

        return [.. files.Select(Open)];
    }

    /// <summary>Older changes after newer ones would end in older rows, and a gap in rows that never were.</summary>
    private static void CheckOrder(string before, string after)
    {
        var dot = after.LastIndexOf('.') + 1;
        long first = 0;
        long second = 0;
        var isSeries = IsNumbered(before) && IsNumbered(after) && before.StartsWith(after[..dot], StringComparison.Ordinal)
            && long.TryParse(before.AsSpan(dot), out first) && long.TryParse(after.AsSpan(dot), out second);
        if (isSeries && first >= second)
        {
            PaimonException.ThrowInvalid($"{after} is named after {before}: name binlog files in the order of the log, each once.");
        }

        if (isSeries && second > first + 1)
        {
            PaimonException.ThrowInvalid(
                $"{after} is named after {before}: the files between them are missing, and with them changes. Name them too.");
        }
    }

    private static BinlogFile Open(string path) => new(Name(path), _ => ValueTask.FromResult(UserFiles.OpenRead(path)));

    private static string Name(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
    }

    private static bool IsNumbered(string path)
    {
        var name = Name(path);
        var dot = name.LastIndexOf('.');
        return dot >= 0 && name.Length - dot > 6 && !name.AsSpan(dot + 1).ContainsAnyExceptInRange('0', '9');
    }
}
