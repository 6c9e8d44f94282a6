using PaimonSharp.Data.Errors;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>Counts what agrees, what differs and what is refused by name over a collection.</summary>
internal sealed class GoldenOutcome
{
    public const string NoExpectation = "no expectation";

    private readonly List<string> _agreed = [];
    private readonly List<string> _differing = [];
    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);

    public async Task RunAsync(string name, Func<Task<string?>> compare, IReadOnlyList<ErrorKind> refusals)
    {
        try
        {
            var difference = await compare();
            if (difference is null)
            {
                _agreed.Add(name);
            }
            else if (difference != NoExpectation)
            {
                _differing.Add($"{name}: {difference}");
            }
        }
        catch (PaimonException e) when (refusals.Contains(e.Kind))
        {
            // The reason without the file's path, which every table has another of.
            var reason = e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon && e.Message[0] == '/' ? colon + 2 : 0)..];
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _differing.Add($"{name}: {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()}");
        }
    }

    public void Report(ITestOutputHelper output, int minimumAgreed)
    {
        output.WriteLine($"{_agreed.Count} agree, {_differing.Count} differ, {_refused.Values.Sum()} refused by name");
        foreach (var (reason, count) in _refused)
        {
            output.WriteLine($"{count,5}  {reason}");
        }

        Assert.True(_differing.Count == 0, string.Join('\n', _differing));
        Assert.True(_agreed.Count >= minimumAgreed, $"only {_agreed.Count} reads agree");
    }
}
