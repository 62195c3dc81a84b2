using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

using MLNetCnn.Inference;

namespace MLNetCnn.Serving.Http;

/// <summary>The answer to a request for predictions.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version of the model that made all of these predictions.</param>
/// <param name="Predictions">One for each image, in the order of the request.</param>
internal sealed record PredictAnswer(string Model, string Version, IReadOnlyList<ImageAnswer> Predictions);

/// <summary>What became of one image of a request.</summary>
/// <param name="Name">The file's name, or the image's position in the request, from 0.</param>
/// <param name="Label">The most probable class.</param>
/// <param name="Probability">Its probability, calibrated where the model is.</param>
/// <param name="Top">The most probable classes, the most probable first.</param>
/// <param name="Error">Why there is no prediction: what is wrong with this image of several.</param>
internal sealed record ImageAnswer(string Name, string? Label, float? Probability, IReadOnlyList<LabelProbability>? Top, string? Error);

/// <summary>The models that there are.</summary>
/// <param name="Models">In the order in which the service was given them.</param>
internal sealed record ModelsAnswer(IReadOnlyList<ModelAnswer> Models);

/// <summary>A model.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Ready">Whether it answers; where it does not, the rest is not known.</param>
/// <param name="Version">Changes with anything in the model's file.</param>
/// <param name="LoadedAt">When this version was loaded.</param>
/// <param name="CreatedAt">When it was trained.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Input">What images become before the network sees them; images of any size may be sent.</param>
/// <param name="Calibrated">Whether probabilities were calibrated by temperature scaling.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Metrics">Figures of the training by name, for example test.microAccuracy.</param>
internal sealed record ModelAnswer(
    string Name,
    bool Ready,
    string? Version,
    DateTimeOffset? LoadedAt,
    DateTimeOffset? CreatedAt,
    string? Architecture,
    InputAnswer? Input,
    bool? Calibrated,
    IReadOnlyList<string>? Labels,
    IReadOnlyDictionary<string, double>? Metrics);

/// <summary>The network's input.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
internal sealed record InputAnswer(int Height, int Width, int Channels);

/// <summary>Whether the service is well.</summary>
/// <param name="Status">Healthy, Degraded or Unhealthy.</param>
/// <param name="Problems">What is wrong, by the check that found it.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, string> Problems);

/// <summary>How answers are written: camelCase, without what is not known, labels readable in their own script.</summary>
[JsonSerializable(typeof(PredictAnswer))]
[JsonSerializable(typeof(ModelsAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    public static AnswerJson Instance { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
