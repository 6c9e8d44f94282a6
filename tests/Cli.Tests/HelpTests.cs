using System.Text.RegularExpressions;

namespace PaimonSharp.Cli.Tests;

/// <summary>The tool explains itself, refuses what it does not understand, and never repeats a password.</summary>
public class HelpTests
{
    public static TheoryData<string> Commands =>
    [
        "sync", "scan", "get", "tail", "inspect", "tables", "binlog", "create", "alter", "compact", "expire", "expire-partitions", "rollback", "truncate", "clean-orphans",
        "drop",
    ];

    [Fact]
    public async Task Help_lists_the_commands_and_the_exit_codes()
    {
        var run = (await ToolRun.OfAsync("--help")).Expect(0);

        Assert.All(
            Commands.Select(row => row.Data).Concat(["tag", "branch", "consumer"]),
            command => Assert.Matches($@"(?m)^ +{command} +\S", run.Output));
        Assert.All(["130", "unsupported", "corrupt"], word => Assert.Contains(word, run.Output, StringComparison.Ordinal));

        Assert.Equal("", run.Error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_a_command_shows_an_example_and_explains_every_option(string command)
    {
        var run = (await ToolRun.OfAsync(command, "--help")).Expect(0);

        Assert.Contains($"paimonsharp {command} ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        var list = run.Output[run.Output.IndexOf("\nOptions:\n", StringComparison.Ordinal)..];
        var options = Regex.Matches(list, @"^ +(--[a-z-]+)(.*)$", RegexOptions.Multiline);
        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Matches(@"^ ?(<[^>]+>)?( \(REQUIRED\))? {2,}\S", option.Groups[2].Value));
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData("tag", "list", "create", "replace", "rename", "delete")]
    [InlineData("branch", "list", "create", "fast-forward", "delete")]
    [InlineData("consumer", "list", "set", "delete")]
    public async Task Help_of_a_group_shows_examples_and_its_commands(string group, params string[] commands)
    {
        var run = (await ToolRun.OfAsync(group, "--help")).Expect(0);

        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.All(commands, command => Assert.Matches($@"(?m)^ +{command} +\S", run.Output));
        foreach (var command in commands)
        {
            (await ToolRun.OfAsync(group, command, "--help")).Expect(0);
        }
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        var run = (await ToolRun.OfAsync("--version")).Expect(0);

        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", run.Output);
    }

    [Theory]
    [InlineData("'nope'", "nope")]
    [InlineData("--nope", "scan", "shop.orders", "--nope")]
    [InlineData("--source", "sync")]
    [InlineData("--limit", "scan", "shop.orders", "--limit", "many")]
    [InlineData("'binlog'", "binlog")]
    public async Task A_command_line_that_is_not_understood_names_the_part_and_the_help(string part, params string[] arguments)
    {
        var run = (await ToolRun.OfAsync(arguments)).Expect(2, "error: ", part, "--help");

        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("sync", "mysql://root:s3cret@127.0.0.1:1/shop")]
    [InlineData("sync", "--source", "mysql://root:s3cret@/shop")]
    [InlineData("sync", "--source", "mysql://root:s3cret@127.0.0.1:port/shop")]
    [InlineData("sync", "--source", "mysql://root:s3cret@127.0.0.1:1/shop?what=1")]
    [InlineData("sync", "--source", "mysql:/root:s3cret@127.0.0.1:1/shop")]
    [InlineData("sync", "--source", "postgres://root:s3cret@127.0.0.1:1/shop")]
    [InlineData("sync", "--source", "mysql://root:s3cret@127.0.0.1:1/shop", "--commit-interval", "soon")]
    [InlineData("scan", "mysql://root:s3cret@127.0.0.1:1/shop")]
    public async Task A_password_in_a_wrong_command_line_is_never_repeated(params string[] arguments)
    {
        using var warehouse = new Testing.TempDirectory();

        var run = await ToolRun.OfAsync(
            new Dictionary<string, string> { ["PAIMONSHARP_WAREHOUSE"] = warehouse.Path }, arguments);

        run.Expect(2, "error: ");
        Assert.DoesNotContain("s3cret", run.Error + run.Output, StringComparison.Ordinal);
    }
}
