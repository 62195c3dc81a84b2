using System.CommandLine;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

using MLNetCnn.Cli.Console;
using MLNetCnn.Inference.Pooling;
using MLNetCnn.Serving;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn serve</c>: answers over HTTP with model .zips.</summary>
internal static class ServeCommand
{
    private const string Prefix = "/v1/models";
    private const string KeyVariable = "MLNETCNN_API_KEY";
    private const int MaxConnections = 1024;

    private static readonly ImageClassificationOptions Defaults = new();

    private static readonly Argument<string[]> ModelFiles = new("models")
    {
        Description = "Model .zips; each is called like its file, or give NAME=FILE.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen, several with ';' between; http://*:5000 lets other machines in.",
        DefaultValueFactory = _ => "http://127.0.0.1:5000",
    };

    private static readonly Option<string?> ApiKey = new("--api-key") { Description = $"What clients send as X-Api-Key; better as {KeyVariable}, which no process list shows." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Replace a model when its file changes, without a pause." };
    private static readonly Option<int> Workers = CommonOptions.Whole("--workers", "How many requests are predicted at the same time.", Environment.ProcessorCount, atLeast: 1);
    private static readonly Option<int> Queue = CommonOptions.Whole("--queue", "How many requests wait at most; beyond that they are answered with 429.", Defaults.Models.Queue.Capacity, atLeast: 1);
    private static readonly Option<int> BatchSize = CommonOptions.Whole("--batch-size", "Images of several requests that run through the network together at most.", Defaults.Models.Queue.BatchSize, atLeast: 1);
    private static readonly Option<int> MaxBody = CommonOptions.Whole("--max-megabytes", "The largest request body.", (int)(Defaults.MaxBodyBytes >> 20), atLeast: 1);
    private static readonly Option<int> MaxPixels = CommonOptions.Whole("--max-pixels", "The most pixels of an image.", (int)Defaults.MaxPixels, atLeast: 1);
    private static readonly Option<int> MaxBatch = CommonOptions.Whole("--max-images", "The most images in one request.", Defaults.MaxBatch, atLeast: 1);
    private static readonly Option<int> TimeLimit = CommonOptions.Whole("--timeout", "Seconds that a request may take.", (int)Defaults.Timeout.TotalSeconds, atLeast: 1);

    // Until the line that says what is served, that line or an error says all there is.
    private static volatile bool Announced;

    public static Command Create()
    {
        var command = new Command("serve", "Serve model .zips over HTTP, until Ctrl-C.")
        {
            ModelFiles, Urls, ApiKey, Watch, Workers, Queue, BatchSize, MaxBody, MaxPixels, MaxBatch, TimeLimit,
        };
        command.SetAction((arguments, _) => Run(arguments));
        return command;
    }

    private static async Task<int> Run(ParseResult arguments)
    {
        var screen = new Screen(json: false);
        await using var app = Build(arguments);
        await app.StartAsync();
        var pool = app.Services.GetRequiredService<ImageModelPool>();
        await LoadAsync(pool);
        Announce(app, pool, screen, arguments);
        Announced = true;
        app.Lifetime.ApplicationStopping.Register(() => screen.Line("stopping: requests under way are answered first"));
        await app.WaitForShutdownAsync();
        return ExitCodes.Success;
    }

    private static WebApplication Build(ParseResult arguments)
    {
        // A stray appsettings.json where the command happens to run is not its configuration.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders().AddFilter("Microsoft", level => Announced && level >= LogLevel.Warning).AddFilter("MLNetCnn", _ => Announced)
            .AddSimpleConsole(options => options.SingleLine = true).Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls(CheckedUrls(arguments.GetRequiredValue(Urls))).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        });
        builder.Services.AddProblemDetails();
        var service = builder.Services.AddImageClassification().Configure(options => Configure(options, arguments));
        foreach (var (name, path) in NamedFiles(arguments.GetRequiredValue(ModelFiles)))
        {
            service.FromFile(name, path, arguments.GetValue(Watch));
        }

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapImageClassification(Prefix);
        return app;
    }

    private static void Configure(ImageClassificationOptions options, ParseResult arguments)
    {
        options.ApiKey = Key(arguments);
        options.MaxBodyBytes = (long)arguments.GetValue(MaxBody) << 20;
        options.MaxBufferedBytes = Math.Max(options.MaxBufferedBytes, options.MaxBodyBytes);
        options.MaxPixels = arguments.GetValue(MaxPixels);
        options.MaxBatch = arguments.GetValue(MaxBatch);
        options.Timeout = TimeSpan.FromSeconds(arguments.GetValue(TimeLimit));
        options.Models.Queue = new PredictionQueueOptions
        {
            Workers = arguments.GetValue(Workers),
            Capacity = arguments.GetValue(Queue),
            BatchSize = arguments.GetValue(BatchSize),
        };
    }

    private static string? Key(ParseResult arguments) => arguments.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable(KeyVariable);

    private static IEnumerable<(string Name, string Path)> NamedFiles(string[] models)
    {
        foreach (var model in models)
        {
            var (name, path) = File.Exists(model) || !model.Contains('=', StringComparison.Ordinal)
                ? (Path.GetFileNameWithoutExtension(model), model)
                : (model[..model.IndexOf('=', StringComparison.Ordinal)], model[(model.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            yield return File.Exists(path)
                ? (name, Path.GetFullPath(path))
                : throw new ConfigurationException($"{path}: there is no such file; give the model.zip that train, study or sweep wrote");
        }
    }

    private static bool IsAddress(string text)
    {
        try
        {
            return BindingAddress.Parse(text).Port is >= 0 and <= ushort.MaxValue;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string[] CheckedUrls(string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var address in addresses)
        {
            if (!IsAddress(address))
            {
                throw new ConfigurationException($"--urls has '{address}': give addresses such as http://127.0.0.1:5000");
            }
        }

        return addresses.Length > 0 ? addresses : throw new ConfigurationException("--urls is empty: give addresses such as http://127.0.0.1:5000");
    }

    private static async Task LoadAsync(ImageModelPool pool)
    {
        try
        {
            await pool.LoadAsync();
        }
        catch (Exception)
        {
            throw new IOException(string.Join('\n', pool.Names.Select(pool.Status).Select(model => model.Error).OfType<string>()));
        }
    }

    private static void Announce(WebApplication app, ImageModelPool pool, Screen screen, ParseResult arguments)
    {
        var addresses = app.Urls;
        screen.Line($"serving {string.Join(", ", pool.Names)} on {string.Join(" and ", addresses)} (Ctrl-C ends it)");
        var key = Key(arguments) is null ? "" : "-H 'X-Api-Key: …' ";
        screen.Line($"try     curl {key}-H 'Content-Type: image/jpeg' --data-binary @photo.jpg {addresses.First().TrimEnd('/')}{Prefix}/{pool.Names[0]}/predict");
        var open = addresses.Where(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsLoopback).ToList();
        if (open.Count > 0 && key.Length == 0)
        {
            screen.Line($"note    {string.Join(" and ", open)} lets other machines in, without a key: set {KeyVariable} to ask for one");
        }
    }
}
