using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Testing.Servers;

/// <summary>
/// The unpacked programs that <c>tests/servers/get-servers.sh</c> made, in <c>.tools/servers</c> of the repository or the
/// folder that PAIMONSHARP_SERVERS names.
/// </summary>
public static class ServerInstallation
{
    private const string DoneMark = "initialised";

    /// <summary>The folder of all installations.</summary>
    public static string Folder
    {
        get
        {
            var named = Environment.GetEnvironmentVariable("PAIMONSHARP_SERVERS");
            return string.IsNullOrEmpty(named)
                ? Path.Combine(GoldenData.Root, ".tools", "servers")
                : Path.GetFullPath(named);
        }
    }

    /// <summary>The name of a server's folder, as the script calls it.</summary>
    /// <param name="kind">The server.</param>
    public static string Name(ServerKind kind) => kind switch
    {
        ServerKind.MySql97 => "mysql97",
        ServerKind.MariaDb1011 => "mariadb1011",
        ServerKind.MariaDb118 => "mariadb118",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A program of an installation, whether or not it exists.</summary>
    /// <param name="installation">The installation's folder name, for example <c>duckdb</c>.</param>
    /// <param name="program">The program's name.</param>
    public static string Program(string installation, string program) =>
        Path.Combine(Folder, installation, "bin", program);

    /// <summary>Whether a server can be run here.</summary>
    /// <param name="kind">The server.</param>
    public static bool IsPresent(ServerKind kind) => File.Exists(Program(Name(kind), "run-server"));

    /// <summary>Skips the running test, aloud, when a program is not there.</summary>
    /// <param name="installation">The installation's folder name.</param>
    /// <param name="program">The program's name.</param>
    public static void SkipUnlessPresent(string installation, string program) => Assert.SkipUnless(
        File.Exists(Program(installation, program)),
        $"{installation} is not on this machine: run tests/servers/get-servers.sh {installation}");

    /// <summary>
    /// A data folder that was initialised and never used, to be copied. It is made once per installation and shared by
    /// all test programs.
    /// </summary>
    /// <param name="kind">The server.</param>
    internal static async Task<string> DataTemplateAsync(ServerKind kind)
    {
        var home = Path.Combine(Folder, Name(kind));
        var template = Path.Combine(home, "data-template");
        var mark = Path.Combine(home, DoneMark);
        if (File.Exists(mark))
        {
            return template;
        }

        using var held = await FileLock.AcquireAsync(Path.Combine(home, ".lock"), TimeSpan.FromMinutes(3));
        if (File.Exists(mark))
        {
            return template;
        }

        if (Directory.Exists(template))
        {
            Directory.Delete(template, recursive: true);
        }

        var made = await Command.RunAsync(
            Program(Name(kind), "run-server"), ["--initialize-only", template], TimeSpan.FromMinutes(3));
        made.EnsureSuccess();
        File.Delete(Path.Combine(template, "auto.cnf")); // every copy is a server with an identity of its own
        await File.WriteAllTextAsync(mark, "");
        return template;
    }
}
