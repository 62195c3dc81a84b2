using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetCnn.Inference;

/// <summary>How <c>model.json</c> is written: camelCase, indented, labels readable in their own script.</summary>
[JsonSerializable(typeof(ModelMetadata))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    public static ModelJson Instance { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });
}
