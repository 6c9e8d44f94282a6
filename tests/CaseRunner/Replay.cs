using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.CaseRunner;

/// <summary>Performs the steps of a case and records what came of them.</summary>
internal sealed class Replay
{
    private readonly CaseInput _input;
    private readonly CaseSession _session;
    private readonly SnapshotRecorder _snapshots;
    private readonly ReadRecorder _reads;
    private readonly StepRunner _steps;
    private readonly JsonArray _errors = [];
    private readonly JsonArray _states = [];
    private readonly JsonObject _readResults = [];

    private Replay(CaseInput input, CaseSession session)
    {
        _input = input;
        _session = session;
        _snapshots = new SnapshotRecorder(input);
        _reads = new ReadRecorder(_snapshots, input.RecordsChecksums);
        _steps = new StepRunner(input, session);
    }

    public static async Task<JsonObject> RunAsync(CaseInput input, string? tables)
    {
        await using var session = new CaseSession(input, tables);
        return await new Replay(input, session).RunAsync();
    }

    private async Task<JsonObject> RunAsync()
    {
        try
        {
            await _session.CreateAsync();
        }
        catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
        {
            return new JsonObject { [CaseRun.Unsupported] = error.Message };
        }
        catch (Exception error) when (CaseRun.IsRefusal(error))
        {
            AddError(-1, "create", error);
            return new JsonObject { ["errors"] = _errors };
        }

        var refused = await RunStepsAsync();
        await _session.CloseWriterAsync();
        var document = new JsonObject
        {
            ["schemas"] = await SchemaRecorder.RecordAsync(_session.Table),
            ["snapshots"] = _snapshots.Recorded,
        };
        if (refused is not null)
        {
            document[CaseRun.Unsupported] = refused;
            return document;
        }

        await _session.ReopenAsync();
        if (_input.RecordsChangelog)
        {
            document["changelog"] = await _reads.ChangelogAsync(_session.Table, options => _session.OpenAsync(options));
        }

        foreach (var read in _input.Reads)
        {
            await AddReadAsync(read);
        }

        document["reads"] = _readResults;
        document["states"] = _states;
        document["errors"] = _errors;
        return document;
    }

    /// <summary>Performs the steps until the first error that may not be.</summary>
    /// <returns>What the engine refused, if it did.</returns>
    private async Task<string?> RunStepsAsync()
    {
        var index = -1;
        foreach (var step in _input.Steps.EnumerateArray())
        {
            index++;
            _session.Tick();
            try
            {
                await RunStepAsync(step, index);
            }
            catch (PaimonException error) when (error.Kind == ErrorKind.Unsupported)
            {
                return $"step {index}, {StepRunner.Operation(step)}: {error.Message}";
            }
            catch (Exception error) when (CaseRun.IsRefusal(error))
            {
                AddError(index, StepRunner.Operation(step), error);
                await _snapshots.RecordNewAsync(_session.Table, _session.Branch);
                if (!step.TryGetProperty("mayFail", out var mayFail) || !mayFail.GetBoolean())
                {
                    return null;
                }

                await _session.ReopenAsync();
                continue;
            }

            await _snapshots.RecordNewAsync(_session.Table, _session.Branch);
        }

        return null;
    }

    private async Task RunStepAsync(JsonElement step, int index)
    {
        if (StepRunner.Operation(step) == "read")
        {
            await AddReadAsync(step);
            return;
        }

        var more = await _steps.RunAsync(step);
        if (StepRunner.Operation(step) == "fastForward")
        {
            _snapshots.Forget(_session.Branch);
        }

        if (StepRunner.ShowsState(step))
        {
            var state = await StateRecorder.RecordAsync(_session);
            state.Insert(0, "step", index);
            state.Insert(1, "op", StepRunner.Operation(step));
            foreach (var (name, value) in more)
            {
                state[name] = value?.DeepClone();
            }

            _states.Add(state);
        }
    }

    private async Task AddReadAsync(JsonElement read)
    {
        var name = read.GetProperty("name").GetString()!;
        var branch = read.TryGetProperty("branch", out var named) ? named.GetString() : null;
        _readResults[name] = await CaseRun.PartAsync(
            () => _reads.ReadAsync(read, options => _session.OpenAsync(options, branch)));
    }

    private void AddError(int step, string operation, Exception error)
    {
        var described = CaseRun.Describe(error);
        described.Insert(0, "step", step);
        described.Insert(1, "op", operation);
        _errors.Add(described);
    }
}
