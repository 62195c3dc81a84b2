using System.Globalization;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

using MLNetCnn.Imaging;
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Serving.Metrics;

namespace MLNetCnn.Serving.Http;

/// <summary><c>POST {prefix}/{name}/predict</c>.</summary>
internal static class PredictEndpoint
{
    private const int DefaultTop = 5;

    public static async Task<IResult> Predict(
        string name, string? top, HttpContext http, ImageModelPool pool, PredictionQueue queue, BodyBudget budget, ServiceMetrics metrics, IOptions<ImageClassificationOptions> settings)
    {
        var options = settings.Value;
        var model = Known(pool, name);
        var classes = ParseTop(top);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(options.Timeout);
        using var share = budget.Open();
        var uploads = await ReadAsync(new ImageRequestReader(http.Request, options, share, deadline.Token), http);
        var images = uploads.Select(upload => new Func<int, MLImage>(channels => MLImage.Decode(upload.Encoded.Span, channels, maxPixels: options.MaxPixels)));
        var outcomes = await queue.PredictAsync(model, [.. images], deadline.Token);
        metrics.Predicted(model, outcomes);
        return Results.Json(Answer(model, uploads, outcomes, classes), AnswerJson.Instance.PredictAnswer);
    }

    private static string Known(ImageModelPool pool, string name)
    {
        var model = ModelEndpoints.Known(pool, name);
        return pool.Status(model) switch
        {
            { IsReady: true } => model,
            { Error: null } => throw new Refusal(StatusCodes.Status503ServiceUnavailable, "The model is being loaded: send the request again in a moment."),
            _ => throw new Refusal(StatusCodes.Status503ServiceUnavailable, "The model could not be loaded: the service's log says why."),
        };
    }

    private static int ParseTop(string? top) =>
        top is null ? DefaultTop
        : int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 ? count
        : throw new Refusal(StatusCodes.Status400BadRequest, "top is how many classes to name: a whole number of 1 or more.");

    private static async Task<IReadOnlyList<ImageUpload>> ReadAsync(ImageRequestReader reader, HttpContext http)
    {
        try
        {
            return await reader.ReadAsync();
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new Refusal(StatusCodes.Status408RequestTimeout, "The request's body was not there in time.");
        }
    }

    // Some images of several may be unreadable: the others have their answers.
    private static PredictAnswer Answer(string model, IReadOnlyList<ImageUpload> uploads, IReadOnlyList<PredictionOutcome> outcomes, int top)
    {
        if (outcomes.FirstOrDefault(outcome => outcome.Prediction is not null).Prediction is not { } any)
        {
            var problems = uploads.Zip(outcomes).Select((entry, i) => (Name: $"{i}: {entry.First.Name}", entry.Second.Problem!.Message)).ToList();
            throw new Refusal(StatusCodes.Status422UnprocessableEntity, uploads.Count == 1 ? $"The image can't be read: {problems[0].Message}." : "None of the images can be read.")
            {
                Errors = uploads.Count == 1 ? [] : problems.ToDictionary(problem => problem.Name, problem => problem.Message),
            };
        }

        return new PredictAnswer(model, any.ModelVersion, [.. uploads.Zip(outcomes, (upload, outcome) => outcome.Prediction is { } prediction
            ? new ImageAnswer(upload.Name, prediction.Label, prediction.Probability, prediction.Top(top), null)
            : new ImageAnswer(upload.Name, null, null, null, outcome.Problem!.Message))]);
    }
}
