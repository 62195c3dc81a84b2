using System.Text.Json.Nodes;

namespace MLNetCnn.Training.Callbacks;

/// <summary>Acts between epochs: stops, lowers the learning rate, keeps weights.</summary>
internal interface ITrainingCallback
{
    /// <summary>The key under which a checkpoint keeps the state.</summary>
    string Name { get; }

    /// <summary>Looks at a finished epoch and acts through <paramref name="control"/>.</summary>
    void OnEpochEnd(EpochRecord epoch, TrainingControl control);

    /// <summary>What a resumed training must know; null for nothing.</summary>
    JsonNode? SaveState();

    /// <summary>Takes up <see cref="SaveState"/>'s answer.</summary>
    void LoadState(JsonNode state);
}
