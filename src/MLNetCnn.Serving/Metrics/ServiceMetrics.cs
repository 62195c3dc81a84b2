using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

using MLNetCnn.Inference.Pooling;

namespace MLNetCnn.Serving.Metrics;

/// <summary>
/// The service's figures, as .NET metrics of the meter <c>MLNetCnn.Serving</c> (for OpenTelemetry and <c>dotnet-counters</c>), and
/// as Prometheus reads them. Labels are the models' names and status codes: nothing that a client could make up.
/// </summary>
internal sealed class ServiceMetrics : IDisposable
{
    private const string MeterName = "MLNetCnn.Serving";

    private readonly PrometheusText _text;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _images;
    private readonly Histogram<double> _durations;

    public ServiceMetrics(IMeterFactory factory, ImageModelPool pool, PredictionQueue queue)
    {
        var meter = factory.Create(MeterName);
        _text = new PrometheusText(meter);
        _requests = meter.CreateCounter<long>("mlnetcnn_requests", description: "Requests answered.");
        _images = meter.CreateCounter<long>("mlnetcnn_images", description: "Images that were predicted, or could not be read.");
        _durations = meter.CreateHistogram(
            "mlnetcnn_request_duration_seconds",
            description: "From a request's first byte to its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        meter.CreateObservableGauge("mlnetcnn_queue_waiting", () => queue.Waiting, description: "Requests that wait for their turn.");
        meter.CreateObservableGauge("mlnetcnn_queue_running", () => queue.Running, description: "Requests that are decoded or predicted now.");
        meter.CreateObservableGauge("mlnetcnn_model_ready", () => ByModel(status => status.IsReady ? 1 : 0), description: "1 where the model answers.");
        meter.CreateObservableCounter("mlnetcnn_model_reloads", () => ByModel(status => status.Reloads), description: "How often a newer model took the place of an older one.");
        meter.CreateObservableCounter("mlnetcnn_model_load_failures", () => ByModel(status => status.Failures), description: "How often a model's file could not be loaded.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, description: "Memory of the process.");
        meter.CreateObservableCounter("process_cpu_seconds", () => Environment.CpuUsage.TotalTime.TotalSeconds, description: "Processor time of the process.");

        IEnumerable<Measurement<int>> ByModel(Func<ModelStatus, int> value) =>
            pool.Names.Select(pool.Status).Select(status => new Measurement<int>(value(status), new KeyValuePair<string, object?>("model", status.Name)));
    }

    public void Answered(string model, int status, TimeSpan duration)
    {
        _requests.Add(1, new("model", model), new("status", status.ToString(CultureInfo.InvariantCulture)));
        _durations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("model", model));
    }

    public void Predicted(string model, IReadOnlyList<PredictionOutcome> outcomes)
    {
        foreach (var group in outcomes.GroupBy(outcome => outcome.Prediction is null ? "unreadable" : "predicted"))
        {
            _images.Add(group.Count(), new TagList { { "model", model }, { "outcome", group.Key } });
        }
    }

    /// <summary>Everything, in Prometheus's text format.</summary>
    public string Write() => _text.Write();

    public void Dispose() => _text.Dispose();
}
