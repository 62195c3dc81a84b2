using System.Net;
using System.Text;
using System.Text.Json.Nodes;

using MLNetCnn.Inference.Tests;
using MLNetCnn.Testing;

namespace MLNetCnn.Serving.Tests;

public sealed class PredictTests : IAsyncLifetime
{
    private Service _service = null!;

    public async ValueTask InitializeAsync() => _service = await Service.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Raw_bytes_multipart_and_base64_give_PyTorchs_probabilities_with_label_and_version()
    {
        foreach (var images in TestModel.Cases)
        {
            var base64 = Convert.ToBase64String(images.Png);
            using var multipart = new MultipartFormDataContent { { Service.Content(images.Png), "file", "Füchsin 1.png" } };
            HttpContent[] forms =
            [
                Service.Content(images.Png),
                Service.Content(images.Png, "application/octet-stream"),
                multipart,
                new StringContent($$"""{"image":"{{base64}}"}""", Encoding.UTF8, "application/json"),
                new StringContent($$"""{"images":["data:image/png;base64,{{base64}}"]}""", Encoding.UTF8, "application/json"),
            ];
            foreach (var form in forms)
            {
                var answer = await _service.AnswerAsync(form, "?top=2");
                Assert.Equal("tiny", (string)answer["model"]!);
                Assert.Equal(_service.Pool.Status("tiny").Version, (string)answer["version"]!);
                var prediction = Assert.Single((JsonArray)answer["predictions"]!)!;
                var expected = TestModel.Labels.Zip(images.Expected(0)).OrderByDescending(pair => pair.Second).Take(2).ToList();
                Assert.Equal(expected[0].First, (string)prediction["label"]!);
                Assert.Equal(expected[0].Second, (float)prediction["probability"]!, 1e-4);
                Assert.Equal(expected.Select(pair => pair.First), ((JsonArray)prediction["top"]!).Select(entry => (string)entry!["label"]!));
                Assert.Equal(form == multipart ? "Füchsin 1.png" : "0", (string)prediction["name"]!);
            }
        }
    }

    [Fact]
    public async Task Several_files_are_answered_in_their_order_and_an_unreadable_one_by_its_error()
    {
        using var form = new MultipartFormDataContent { { new StringContent("a field that is no file"), "note" } };
        foreach (var images in TestModel.Cases)
        {
            form.Add(Service.Content(images.Png), "files", "a/path/to/image.png");
        }

        form.Add(Service.Content("no image"u8.ToArray()), "files", "notes.txt");
        var predictions = (JsonArray)(await _service.AnswerAsync(form))["predictions"]!;
        Assert.Equal(["image.png", "image.png", "image.png", "notes.txt"], predictions.Select(entry => (string)entry!["name"]!));
        Assert.Equal(TestModel.Cases.Select(images => images.Expected(0).Max()), predictions.Take(3).Select(entry => (float)entry!["probability"]!), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Contains("not an image", (string)predictions[3]!["error"]!, StringComparison.Ordinal);
        Assert.Null(predictions[3]!["label"]);
    }

    [Fact]
    public async Task Wrong_forms_of_a_request_are_refused_with_the_way_out()
    {
        var png = TestModel.Cases[0].Png;
        await Refused(Service.Content(png, null), HttpStatusCode.UnsupportedMediaType, "no Content-Type", "multipart/form-data");
        await Refused(Service.Content(png, "text/plain"), HttpStatusCode.UnsupportedMediaType, "application/octet-stream");
        await Refused(Service.Content(png, "application/x-www-form-urlencoded"), HttpStatusCode.UnsupportedMediaType);
        await Refused(Service.Content([]), HttpStatusCode.BadRequest, "holds no image");
        await Refused(Service.Content(png, "multipart/form-data"), HttpStatusCode.BadRequest, "no boundary");
        await Refused(Service.Content(png, "multipart/form-data; boundary=x"), HttpStatusCode.BadRequest, "malformed or cut short");
        await Refused(Service.Content("--x\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\nhalf"u8.ToArray(), "multipart/form-data; boundary=x"), HttpStatusCode.BadRequest, "cut short");
        await Refused(Service.Content("--x--\r\n"u8.ToArray(), "multipart/form-data; boundary=x"), HttpStatusCode.BadRequest, "holds no image");
        foreach (var (json, words) in new[]
        {
            ("", "no valid JSON"), ("""{"image":"\ud800"}""", "no valid JSON"), ("{", "no valid JSON"), ("[]", "either"), ("{}", "either"), ("""{"image":"","images":[]}""", "either"),
            ("""{"image":1}""", "no base64"), ("""{"image":"*"}""", "no base64"), ("""{"images":"x"}""", "a list of base64"), ("""{"images":[]}""", "holds no image"), ("""{"images":[null]}""", "no base64"),
        })
        {
            await Refused(new StringContent(json, Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest, words);
        }

        await Service.RefusedAsync(await _service.PredictAsync(Service.Content(png), "?top=0"), HttpStatusCode.BadRequest, "top is how many");
        await Service.RefusedAsync(await _service.PredictAsync(Service.Content(png), "?top=many"), HttpStatusCode.BadRequest, "top is how many");
        await Service.RefusedAsync(await _service.PredictAsync(Service.Content(png), model: "other"), HttpStatusCode.NotFound, "there is tiny");
    }

    [Fact]
    public async Task Huge_headers_cut_files_and_what_is_no_image_are_refused_before_anything_is_decoded()
    {
        await Refused(Service.Content("GIF, they said"u8.ToArray()), HttpStatusCode.UnprocessableEntity, "not an image");
        await Refused(Service.Content(TestModel.Cases[0].Png[..^20]), HttpStatusCode.UnprocessableEntity, "cut short");
        var huge = PythonOracle.Run("""
            import io, struct, zlib
            from PIL import Image
            def chunk(name, data): return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
            outputs = {'png': b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 30000, 30000, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'\0' * 1000)) + chunk(b'IEND', b'')}
            small = Image.new('RGB', (8, 8))
            def saved(format):
                file = io.BytesIO(); small.save(file, format); return bytearray(file.getvalue())
            jpeg = saved('JPEG'); at = jpeg.index(b'\xff\xc0'); jpeg[at + 5:at + 9] = struct.pack('>HH', 30000, 30000); outputs['jpeg'] = bytes(jpeg)
            gif = saved('GIF'); gif[6:10] = struct.pack('<HH', 30000, 30000); outputs['gif'] = bytes(gif)
            bmp = saved('BMP'); bmp[18:26] = struct.pack('<ii', 30000, 30000); outputs['bmp'] = bytes(bmp)
            outputs = {name: np.frombuffer(data, np.uint8) for name, data in outputs.items()}
            """);
        var before = GC.GetTotalAllocatedBytes();
        foreach (var (_, file) in huge)
        {
            await Refused(Service.Content(PythonOracle.Bytes(file)), HttpStatusCode.UnprocessableEntity, "30000 x 30000 pixels, the limit is 25000000");
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50 << 20);

        // The service goes on.
        await _service.AnswerAsync(Service.Content(TestModel.Cases[0].Png));
    }

    [Fact]
    public async Task Metadata_tells_what_a_client_needs_and_nothing_of_files_and_commands()
    {
        var models = (JsonObject)JsonNode.Parse(await _service.Client.GetStringAsync("v1/models", TestContext.Current.CancellationToken))!;
        var model = JsonNode.Parse(await _service.Client.GetStringAsync("v1/models/TINY", TestContext.Current.CancellationToken))!;
        Assert.True(JsonNode.DeepEquals(model, Assert.Single((JsonArray)models["models"]!)));
        Assert.Equal("tiny", (string)model["name"]!);
        Assert.Equal(TestModel.Labels, ((JsonArray)model["labels"]!).Select(label => (string)label!));
        Assert.Equal((24, 20, 3), ((int)model["input"]!["height"]!, (int)model["input"]!["width"]!, (int)model["input"]!["channels"]!));
        Assert.Equal(0.9125, (double)model["metrics"]!["test.microAccuracy"]!);
        Assert.True((bool)model["calibrated"]!);
        Assert.All(["train noise", "ab12", "1234567", "/"], inside => Assert.DoesNotContain(inside, model.ToJsonString().Replace("+00:00", "", StringComparison.Ordinal), StringComparison.Ordinal));
        await Service.RefusedAsync(await _service.Client.GetAsync("v1/models/other", TestContext.Current.CancellationToken), HttpStatusCode.NotFound, "there is tiny");
    }

    private async Task Refused(HttpContent content, HttpStatusCode status, params string[] words) =>
        await Service.RefusedAsync(await _service.PredictAsync(content), status, words);
}
