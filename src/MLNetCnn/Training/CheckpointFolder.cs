using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

using MLNetCnn.Training.Callbacks;

namespace MLNetCnn.Training;

/// <summary>The parts of a running training that a checkpoint keeps.</summary>
internal sealed record CheckpointState(
    Module<Tensor, Tensor> Network,
    optim.Optimizer Optimizer,
    IReadOnlyList<ITrainingCallback> Callbacks,
    BestWeights Best,
    WeightAverage? Average,
    TrainingControl Control,
    List<EpochRecord> Epochs,
    List<TrainingEvent> Events);

/// <summary>
/// Keeps the newest checkpoint of a training in a folder. A checkpoint is written beside the last one and then takes its place,
/// so that a kill at any moment leaves one that is whole. Since a training that goes on gives the same bits from any epoch, quick epochs
/// need no checkpoint each, writing takes a twentieth of the time at most; but the last, from which nothing is left to train.
/// </summary>
/// <param name="folder">The folder; made where it is missing.</param>
/// <param name="plan">What identifies the training: a checkpoint of another plan is not taken up.</param>
internal sealed class CheckpointFolder(string folder, string plan)
{
    private const string StateFile = "state.json";
    private const string NetworkFile = "network.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string BestFile = "best.safetensors";
    private const string AverageFile = "average.safetensors";
    private const int TimeShare = 20;

    private readonly Stopwatch _sinceSaved = new();
    private TimeSpan _cost;

    private string Current => Path.Combine(folder, "checkpoint");

    /// <summary>Saves the training as it stands, if the last time is long enough ago.</summary>
    /// <param name="state">The training.</param>
    /// <param name="isLast">Whether it is at its end: that is saved in any case.</param>
    public void SaveIfDue(CheckpointState state, bool isLast)
    {
        if (isLast || !_sinceSaved.IsRunning || _sinceSaved.Elapsed > TimeShare * _cost)
        {
            var clock = Stopwatch.StartNew();
            Save(state);
            _cost = clock.Elapsed;
            _sinceSaved.Restart();
        }
    }

    /// <summary>Whether the newest checkpoint is the training's last.</summary>
    /// <param name="epochs">The most epochs of the training.</param>
    public bool IsFinished(int epochs) => Newest() is var (_, document) && (document["epochs"]!.AsArray().Count >= epochs || (bool)document["stopRequested"]!);

    /// <summary>Takes up the newest checkpoint; false where there is none of this plan.</summary>
    public bool TryLoad(CheckpointState state)
    {
        if (Newest() is not var (source, document))
        {
            return false;
        }

        using (NewDisposeScope())
        {
            state.Network.load_state_dict(Safetensors.Load(Path.Combine(source, NetworkFile)));
            state.Optimizer.load_state_dict(Safetensors.Load(Path.Combine(source, OptimizerFile)));
            state.Average?.Replace(Safetensors.Load(Path.Combine(source, AverageFile)));
        }

        state.Best.Replace(Safetensors.Load(Path.Combine(source, BestFile)));
        state.Epochs.AddRange(document["epochs"].Deserialize<List<EpochRecord>>(RecordJson.Options)!);
        state.Events.AddRange(document["events"].Deserialize<List<TrainingEvent>>(RecordJson.Options)!);
        state.Control.LearningRateFactor = (double)document["learningRateFactor"]!;
        foreach (var callback in state.Callbacks)
        {
            if (document["callbacks"]?[callback.Name] is { } saved)
            {
                callback.LoadState(saved);
            }
        }

        if ((bool)document["stopRequested"]!)
        {
            state.Control.Stop();
        }

        return true;
    }

    private (string Folder, JsonNode State)? Newest()
    {
        foreach (var source in new[] { Current, Path.Combine(folder, "checkpoint.old") })
        {
            if (StateIn(source) is { } document)
            {
                return (string?)document["plan"] == plan ? (source, document) : null;
            }
        }

        return null;
    }

    // A machine that lost its power may leave a file without its content: that is no checkpoint.
    private static JsonNode? StateIn(string source)
    {
        try
        {
            var file = Path.Combine(source, StateFile);
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Save(CheckpointState state)
    {
        var next = Path.Combine(folder, "checkpoint.next");
        var old = Path.Combine(folder, "checkpoint.old");
        Delete(next);
        if (Directory.Exists(Current))
        {
            Delete(old);
        }
        else if (Directory.Exists(old))
        {
            // A kill came between the two moves below: this is the only one.
            Directory.Move(old, Current);
        }

        Directory.CreateDirectory(next);
        using (NewDisposeScope())
        {
            Safetensors.Save(Path.Combine(next, NetworkFile), state.Network.state_dict());
            Safetensors.Save(Path.Combine(next, OptimizerFile), state.Optimizer.state_dict());
            Safetensors.Save(Path.Combine(next, BestFile), state.Best.Weights);
            if (state.Average is { } average)
            {
                Safetensors.Save(Path.Combine(next, AverageFile), average.Weights);
            }
        }

        var callbacks = new JsonObject(state.Callbacks.Select(callback => KeyValuePair.Create(callback.Name, callback.SaveState())));
        var document = new JsonObject
        {
            ["plan"] = plan,
            ["learningRateFactor"] = state.Control.LearningRateFactor,
            ["stopRequested"] = state.Control.StopRequested,
            ["epochs"] = JsonSerializer.SerializeToNode(state.Epochs, RecordJson.Options),
            ["events"] = JsonSerializer.SerializeToNode(state.Events, RecordJson.Options),
            ["callbacks"] = callbacks,
        };
        using (var file = File.Create(Path.Combine(next, StateFile)))
        {
            JsonSerializer.Serialize(file, document);
            file.Flush(flushToDisk: true);
        }

        if (Directory.Exists(Current))
        {
            Directory.Move(Current, old);
        }

        Directory.Move(next, Current);
        Delete(old);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
