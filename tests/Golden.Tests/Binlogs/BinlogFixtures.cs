using System.IO.Compression;

namespace PaimonSharp.Golden.Tests.Binlogs;

/// <summary>The recorded binlogs and, beside them, every row change that they hold.</summary>
internal static class BinlogFixtures
{
    /// <summary>The files of one collection, by path relative to it.</summary>
    public static IReadOnlyList<string> Files(string root)
    {
        var files = new List<string>();
        foreach (var folder in Directory.GetDirectories(root).OrderBy(name => name, StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            if (name is "oracle" or "expected-rows" || name.StartsWith("wire-", StringComparison.Ordinal))
            {
                continue;
            }

            files.AddRange(Directory.GetFiles(folder).Where(IsBinlog).Select(path => $"{name}/{Path.GetFileName(path)}")
                .OrderBy(path => path, StringComparer.Ordinal));
        }

        return files;
    }

    /// <summary>The expected changes of a file, one JSON text a line; empty when the collection has none.</summary>
    public static string[] Expected(string root, string file)
    {
        var path = Path.Combine(root, "expected-rows", file.Replace("/", "__", StringComparison.Ordinal) + ".jsonl");
        if (File.Exists(path))
        {
            return File.ReadAllLines(path);
        }

        if (!File.Exists(path + ".gz"))
        {
            return [];
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsBinlog(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in (string[])[".txt", ".jsonl", ".json", ".sql", ".txt.gz", ".jsonl.gz", ".pem", ".md"])
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
