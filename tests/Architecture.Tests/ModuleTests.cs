using System.Xml.Linq;

namespace PaimonSharp.Architecture.Tests;

/// <summary>The picture of ARCHITECTURE.md, kept true: who may know whom, by project and by namespace.</summary>
public sealed class ModuleTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Data"] = [],
        ["Merge"] = ["Data"],
        ["Storage"] = ["Data", "Merge"],
        ["Cdc"] = ["Data", "Storage"],
        ["Query"] = ["Data", "Storage"],
        ["Cli"] = ["Data", "Storage", "Cdc", "Query"],
    };

    // Each layer knows those before it. The first one is the project's own root namespace.
    private static readonly string[] StorageLayers = ["", "Io", "Formats", "Spill", "Metadata", "Lsm", "Lookup", "Compaction", "Append", "Tables"];

    // Types and Ddl are the vocabulary of Cdc.
    private static readonly Dictionary<string, string[]> CdcMayUse = new()
    {
        [""] = [],
        ["Types"] = [""],
        ["Ddl"] = ["", "Types"],
        ["Wire"] = ["", "Types"],
        ["Binlog"] = ["", "Types", "Ddl"],
        ["Snapshotting"] = ["", "Types", "Ddl", "Wire"],
        ["Sync"] = ["", "Types", "Ddl", "Wire", "Binlog", "Snapshotting"],
    };

    [Fact]
    public void Projects_reference_only_what_the_picture_allows()
    {
        var wrong = new List<string>();
        foreach (var path in Repository.Files("src").Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var project = path.Split('/')[1];
            var references = XDocument.Parse(Repository.Read(path)).Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[1]);
            wrong.AddRange(references.Where(to => !MayReference[project].Contains(to)).Select(to => $"{project} -> {to}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Namespaces_know_only_what_the_picture_allows()
    {
        var wrong = from file in Repository.Sources("src")
                    from reference in file.References
                    where !IsAllowed(Parts(file.Namespace), Parts(reference))
                    select $"{file.Path} -> {reference}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Namespace_is_the_folder()
    {
        var wrong = from file in Repository.Sources("src")
                    where file.Namespace.Length > 0
                    let folder = "PaimonSharp." + Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.')
                    where file.Namespace != folder
                    select $"{file.Path} declares {file.Namespace}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Rules_refuse_what_they_must()
    {
        Assert.True(IsAllowed(Parts("PaimonSharp.Storage.Lsm"), Parts("PaimonSharp.Storage.Formats.Avro")));
        Assert.False(IsAllowed(Parts("PaimonSharp.Storage.Formats"), Parts("PaimonSharp.Storage.Lsm")));
        Assert.False(IsAllowed(Parts("PaimonSharp.Data.Keys"), Parts("PaimonSharp.Merge")));
        Assert.False(IsAllowed(Parts("PaimonSharp.Cdc.Binlog"), Parts("PaimonSharp.Storage.Tables")));
        Assert.True(IsAllowed(Parts("PaimonSharp.Cdc.Sync"), Parts("PaimonSharp.Storage.Tables")));
        Assert.False(IsAllowed(Parts("PaimonSharp.Cdc.Sync"), Parts("PaimonSharp.Storage.Lsm")));
        Assert.False(IsAllowed(Parts("PaimonSharp.Query.Planning"), Parts("PaimonSharp.Storage.Metadata")));
        Assert.True(IsAllowed(Parts(""), Parts("PaimonSharp.Cli")));
    }

    private static bool IsAllowed((string Project, string Folder) from, (string Project, string Folder) to)
    {
        if (from.Project is "" or "Cli")
        {
            return true; // the composition root
        }

        if (from.Project == to.Project)
        {
            return from.Project switch
            {
                "Storage" => Array.IndexOf(StorageLayers, to.Folder) <= Array.IndexOf(StorageLayers, from.Folder)
                    || from.Folder.Length == 0,
                "Cdc" => from.Folder == to.Folder || CdcMayUse[from.Folder].Contains(to.Folder),
                _ => true,
            };
        }

        if (!MayReference[from.Project].Contains(to.Project))
        {
            return false;
        }

        return (from.Project, to.Project) switch
        {
            ("Cdc", "Storage") => from.Folder == "Sync" && to.Folder == "Tables",
            ("Query", "Storage") => to.Folder == "Tables",
            _ => true,
        };
    }

    private static (string Project, string Folder) Parts(string name)
    {
        var parts = name.Split('.');
        return (parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }
}
