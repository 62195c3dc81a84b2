using System.CommandLine;
using System.Text.Json.Nodes;

using MLNetCnn.Cli.Console;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Runs;

namespace MLNetCnn.Cli.Commands;

/// <summary><c>mlnetcnn doctor</c>: checks what the product needs on this machine, and says how to mend what is missing.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new Command("doctor", "Check this machine: libraries, processor, GPU, caches.") { Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var screen = new Screen(arguments.GetValue(Json));
        var checks = new (string Name, Func<string> Check)[]
        {
            ("libtorch", () => $"{torch.__version__}, {torch.get_num_threads()} threads"),
            ("OpenBLAS", BlasThreads),
            ("oneDNN", () => torch.jit.fuses_convolutions
                ? "frozen convolutions take their activations along"
                : "not built in: frozen backbones run slower; apt-get install libdnnl-dev, delete src/MLNetCnn.Torch/obj/native and build again"),
            ("GPU", () => torch.cuda.is_available() ? $"{torch.cuda.device_count()} with CUDA" : "none: training runs on the processor"),
            ("bfloat16", () => torch.cpu.is_bf16_supported() ? "computed by this processor" : "not computed by this processor: float32 is used instead"),
            ("OpenCV", () => MLImage.OpenCvVersion),
            ("ONNX Runtime", () => Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString()),
            ("datasets", () => string.Join(", ", new ManifestCatalog().Names)),
            ("cache", () => $"{CacheFolder.Default}: {CacheFolder.Describe()}"),
            ("hardware", Environments.Hardware),
        };
        var answer = new JsonObject();
        var failures = 0;
        foreach (var (name, check) in checks)
        {
            try
            {
                var found = check();
                screen.Line($"ok    {name,-13} {found}");
                answer[name] = found;
            }
            catch (Exception exception)
            {
                failures++;
                screen.Line($"FAIL  {name,-13} {exception.Message}");
                answer[name] = new JsonObject { ["error"] = exception.Message };
            }
        }

        screen.Answer(answer);
        return failures == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static string BlasThreads() => torch.blas_threading switch
    {
        "openmp" => $"OpenMP build, kernels for {torch.blas_core}",
        var other => $"{other} build: training is slower than it could be; apt-get install libopenblas0-openmp",
    };
}
