// dotnet run -- --model path/to/model.zip
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Serving;

var builder = WebApplication.CreateBuilder(args);
var file = builder.Configuration["model"] ?? "model.zip";

// A whole service: predictions, health, metrics, OpenAPI and a page, in two lines.
builder.Services.AddImageClassification().FromFile(file);

// Or only predictions, for endpoints of one's own.
builder.Services.AddPredictionEnginePool<Upload, Answer>().FromFile(file);

var app = builder.Build();
app.MapImageClassification("/v1/models");
app.MapPost("/names", async (HttpRequest request, PredictionEnginePool<Upload, Answer> pool) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body);
    var answer = await pool.PredictAsync(new Upload { Image = body.ToArray() });
    return $"{answer.PredictedLabel} {answer.Probability:P1}";
});
app.Run();

/// <summary>What is predicted from.</summary>
public sealed class Upload
{
    public required byte[] Image { get; init; }
}

/// <summary>What comes out.</summary>
public sealed class Answer
{
    public string PredictedLabel { get; set; } = "";

    public float Probability { get; set; }
}
