using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge.Tests.Aggregators;

/// <summary>Runs the fold of an aggregator and a naive one, a value at a time, on the same versions.</summary>
internal static class FoldKit
{
    /// <summary>An aggregator on objects, as its definition says.</summary>
    /// <param name="Add">The next accumulator.</param>
    /// <param name="Retract">The accumulator without a value; null when nothing can be taken back.</param>
    /// <param name="AddOlder">Where it is not <c>Add</c> of the two the other way round.</param>
    public sealed record Naive(
        Func<object?, object?, object?> Add,
        Func<object?, object?, object?>? Retract = null,
        Func<object?, object?, object?>? AddOlder = null);

    /// <summary>Makes the fold of a column <c>c</c>.</summary>
    /// <param name="function">The aggregator.</param>
    /// <param name="type">The column's type.</param>
    /// <param name="options">Options of the column, without <c>fields.c.</c>.</param>
    public static ColumnFold Fold(string function, DataType type, params (string Key, string Value)[] options) =>
        AggregatorRegistry.Get(function, "c").Create(
            new DataField(0, "c", type),
            new TableOptions(options.ToDictionary(option => $"fields.c.{option.Key}", option => option.Value)));

    /// <summary>Compares on random groups of versions; one instance of the fold serves them all.</summary>
    public static void Compare(ColumnFold fold, DataType type, Naive naive, Func<int, object?> valueOf) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[][]>(), codes =>
        {
            var groups = codes.Select(group => group.Select(code => Version(code, naive, valueOf)).ToList()).ToList();
            groups.RemoveAll(group => group.Count == 0);
            string expected;
            try
            {
                expected = Text(groups.Select(group => Expected(group, naive)));
            }
            catch (ArithmeticException)
            {
                Assert.Throws<PaimonException>(() => Run(fold, type, groups));
                return;
            }

            var actual = Text(Run(fold, type, groups));
            Assert.True(expected == actual, $"{Describe(groups)}\nexpected\n{expected}\nfound\n{actual}");
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(400));

    /// <summary>Folds groups of versions that lie in three sources.</summary>
    public static List<object?> Run(
        ColumnFold fold, DataType type, IReadOnlyList<IReadOnlyList<(FoldAction Action, object? Value)>> groups)
    {
        var sources = Enumerable.Range(0, 3).Select(_ => ColumnVector.Create(type)).ToArray();
        var plan = new MergePlan();
        var actions = new List<FoldAction>();
        foreach (var group in groups)
        {
            for (var i = 0; i < group.Count; i++)
            {
                var source = actions.Count % sources.Length;
                var row = new RowReference(source, sources[source].Length);
                MergeKit.Append(sources[source], group[i].Value);
                actions.Add(group[i].Action);
                if (i == 0)
                {
                    plan.BeginGroup(row);
                }
                else
                {
                    plan.Add(row);
                }
            }
        }

        var output = new FoldOutput(type, sources.Length);
        var input = new FoldInput
        {
            Plan = plan,
            Groups = Enumerable.Range(0, groups.Count).ToArray(),
            Actions = actions.TrueForAll(action => action == FoldAction.Add) ? [] : actions.ToArray(),
            Sources = sources,
        };
        fold.Fold(input, output);
        Assert.Equal(groups.Count, output.Count);
        var results = ColumnVector.Create(type);
        results.AppendGather([.. sources, output.Values], output.Rows);
        return [.. Enumerable.Range(0, results.Length).Select(row => MergeKit.ValueOf(results, row))];
    }

    /// <summary>One text for equal values; -0.0 is not 0.0.</summary>
    public static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        byte[] bytes => Convert.ToHexString(bytes),
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        System.Runtime.CompilerServices.ITuple { Length: 2 } pair => $"{Text(pair[0])}->{Text(pair[1])}",
        object?[] fields => $"({string.Join(",", fields.Select(Text))})",
        System.Collections.IEnumerable items => $"[{string.Join(",", items.Cast<object?>().Select(Text))}]",
        _ => $"{value}",
    };

    /// <summary>What a naive aggregator makes of the versions of a key.</summary>
    public static object? Expected(IEnumerable<(FoldAction Action, object? Value)> group, Naive naive)
    {
        object? accumulator = null;
        foreach (var (action, value) in group)
        {
            accumulator = action switch
            {
                FoldAction.Skip => accumulator,
                FoldAction.Add => naive.Add(accumulator, value),
                FoldAction.AddOlder when naive.AddOlder is { } addOlder => addOlder(accumulator, value),
                FoldAction.AddOlder => naive.Add(value, accumulator),
                FoldAction.Reset => value,
                FoldAction.ResetRetract => naive.Retract!(value, value),
                _ => naive.Retract!(accumulator, value),
            };
        }

        return accumulator;
    }

    private static (FoldAction, object?) Version(int code, Naive naive, Func<int, object?> valueOf)
    {
        FoldAction[] actions =
        [
            FoldAction.Add, FoldAction.Add, FoldAction.Add, FoldAction.AddOlder, FoldAction.Skip, FoldAction.Reset,
            .. naive.Retract is null
                ? (FoldAction[])[]
                : [FoldAction.Retract, FoldAction.Retract, FoldAction.RetractOlder, FoldAction.ResetRetract],
        ];
        var positive = (int)((uint)(code * 7919) >> 1);
        return (actions[positive % actions.Length], positive % 11 == 0 ? null : valueOf(positive / actions.Length));
    }

    private static string Describe(IEnumerable<List<(FoldAction Action, object? Value)>> groups) =>
        string.Join("\n", groups.Select(group => string.Join("; ", group.Select(version => $"{version.Action} {Text(version.Value)}"))));
}
