using System.Diagnostics;
using System.Globalization;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using MLNetCnn.Inference.Pooling;
using MLNetCnn.Serving.Metrics;

namespace MLNetCnn.Serving.Http;

/// <summary>Turns what went wrong into problem details (RFC 9457) that tell the client what to do, and nothing of the service's inside; counts and times every answer.</summary>
internal sealed partial class ProblemFilter(ServiceMetrics metrics, ImageModelPool pool, IOptions<ImageClassificationOptions> options, ILogger<ProblemFilter> logger) : IEndpointFilter
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var start = Stopwatch.GetTimestamp();
        object? result;
        try
        {
            result = await next(context);
        }
        catch (Exception exception)
        {
            result = Answer(exception, http);
        }

        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        // As the service spells it: a client's spelling would be a series of its own.
        var name = pool.Names.FirstOrDefault(name => name.Equals(http.GetRouteValue("name") as string, StringComparison.OrdinalIgnoreCase));
        metrics.Answered(name ?? "", status, Stopwatch.GetElapsedTime(start));
        return result;
    }

    private IResult Answer(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case Refusal refusal:
                return Problem(http, refusal.Status, refusal.Message, refusal.Errors);
            case PredictionQueueFullException:
                return Problem(http, StatusCodes.Status429TooManyRequests, "As many requests wait already as may: send the request again later.");
            case BadHttpRequestException bad:
                return Problem(http, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? BodyBudget.TooLarge(options.Value.MaxBodyBytes).Message : "The request's body is malformed, cut short or too slow.");
            case OperationCanceledException or IOException when http.RequestAborted.IsCancellationRequested:
                return Results.StatusCode(ClientClosedRequest);
            case OperationCanceledException:
                return Problem(http, StatusCodes.Status503ServiceUnavailable, "The answer was not there in time: send the request again later.");
            case ObjectDisposedException:
                return Problem(http, StatusCodes.Status503ServiceUnavailable, "The service is stopping.");
            default:
                LogFailure(exception);
                return Problem(http, StatusCodes.Status500InternalServerError, "The service failed to answer: its log says why.");
        }
    }

    private IResult Problem(HttpContext http, int status, string detail, IReadOnlyDictionary<string, string>? errors = null)
    {
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(options.Value.RetryAfter.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        }

        // The rest of such a body is not waited for: a client that sent its next request after it would lose that one.
        if ((status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge) && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }

        return Results.Problem(detail, statusCode: status, extensions: errors is { Count: > 0 } ? new Dictionary<string, object?> { ["errors"] = errors } : null);
    }

    [LoggerMessage(1, LogLevel.Error, "a request failed")]
    private partial void LogFailure(Exception exception);
}
