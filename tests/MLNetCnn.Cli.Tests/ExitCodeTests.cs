namespace MLNetCnn.Cli.Tests;

public sealed class ExitCodeTests(CommandLine command) : IClassFixture<CommandLine>
{
    private const int Failure = 1;
    private const int UserMistake = 2;

    [Theory]
    [InlineData("trian", "'trian' is no verb of 'mlnetcnn'")]
    [InlineData("", "Required command")]
    [InlineData("train", "'dataset' missing")]
    [InlineData("train fashion-mnist --batchsize 3", "'--batchsize' is no option of 'mlnetcnn train'")]
    [InlineData("train fashion-mnist --epochs x", "--epochs is 'x': give a whole number")]
    [InlineData("train fashion-mnist --learning-rate 0,5", "--learning-rate is '0,5': give a number")]
    [InlineData("train fashion-mnist --optimizer sdg", "--optimizer is 'sdg': give one of sgd, adam,")]
    [InlineData("train fashion-mnist --optimizer 99", "--optimizer is '99'")]
    [InlineData("train fashion-mnist --images-per-class 0", "--images-per-class is '0': give a whole number of 1 or more")]
    [InlineData("train fashion-mnist --mode frozen", "--mode asks for pretrained weights, which lenet-5 does not have: use scratch, or one of")]
    [InlineData("train fashion-mnist --device gpu", "--device is 'gpu': give cpu, cuda, cuda:N or auto")]
    [InlineData("train fashon-mnist", "unknown dataset 'fashon-mnist', did you mean 'fashion-mnist'?")]
    [InlineData("train fashion-mnist --arch lenet6", "no architecture 'lenet6', did you mean 'lenet-5'? 'mlnetcnn inspect' lists all")]
    [InlineData("study fashion-mnist", "no study 'fashion-mnist': choose from animals-transfer, ")]
    [InlineData("study fashion-mnist-cnns --profile fast", "no profile 'fast': choose from full, quick")]
    [InlineData("study fashion-mnist-cnns --run convNN_9 --output out", "no run 'convNN_9': choose from convNN_1,")]
    [InlineData("study fashion-mnist-cnns --device cuda:77", "--device is 'cuda:77'")]
    [InlineData("inspect lenet-6", "no architecture 'lenet-6', did you mean 'lenet-5'?")]
    [InlineData("inspect --shape banana", "--shape does nothing here: name an architecture")]
    [InlineData("inspect lenet-5 --shape 28x28", "--shape is '28x28': give channels x height x width")]
    [InlineData("predict missing.zip image.png", "missing.zip: there is no such file; give the model.zip")]
    [InlineData("evaluate missing.zip fashion-mnist", "missing.zip: there is no such file")]
    [InlineData("train ./photos", "./photos: there is no such file or folder; a dataset is")]
    [InlineData("train fashion-mnist --from .", "--from is .: that is a folder, give the model.zip in it")]
    [InlineData("train animals-5 --arch mobilenet-v2 --dropout 2", "--dropout is 2")]
    [InlineData("worker --store none.db", "the trial store none.db holds no sweep: begin one with")]
    [InlineData("sweep fashion-mnist --warm-start missing --output out", "missing: there is no sweep.json here; give a folder that sweep wrote")]
    [InlineData("serve a/model.zip --urls http://127.0.0.1:99999", "--urls has 'http://127.0.0.1:99999': give addresses such as")]
    [InlineData("report missing", "missing: there is no run.json here; give a folder")]
    public void A_users_mistake_exits_with_2_and_one_line_that_names_it_and_the_way_out(string line, string words)
    {
        command.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Complains(UserMistake, words);
        Assert.False(Directory.Exists(command["artifacts"]) || Directory.Exists(command["out"]) || File.Exists(command["none.db"]), "something was written");
    }

    [Fact]
    public void A_training_that_diverges_at_once_fails_with_the_way_out()
    {
        command.Run("train", "fashion-mnist", "--arch", "mlp", "--optimizer", "sgd", "--learning-rate", "1e30", "--images-per-class", "20", "--output", "diverged")
            .Complains(Failure, "the loss was no longer a number in the first epoch", "1E+30", "lower it");
    }

    [Fact]
    public void A_model_that_training_goes_on_from_is_not_written_over()
    {
        command.Run("train", "fashion-mnist", "--from", "here/model.zip", "--output", "here").Complains(UserMistake, "--output is here", "give another folder");
    }

    [Fact]
    public void All_wrong_settings_are_named_at_once()
    {
        var result = command.Run("train", "fashion-mnist", "--arch", "alexnet", "--epochs", "0", "--batch-size", "0", "--learning-rate", "-0.5", "--validation", "1");
        result.Complains(UserMistake, "images are 28×28×1: alexnet takes at least 63×63 pixels");
        result.Complains(UserMistake, "--epochs is 0", "1 or more");
        result.Complains(UserMistake, "--batch-size is 0", "1 or more");
        result.Complains(UserMistake, "--learning-rate is -0.5", "above 0");
        result.Complains(UserMistake, "--validation is 1", "[0, 1)");
        command.Run("train", "fashon-mnist", "--batch-size", "0").Complains(UserMistake, "unknown dataset 'fashon-mnist'");
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("/proc/mlnetcnn")]
    public void An_output_folder_that_cannot_be_written_is_found_before_any_work(string folder)
    {
        command.Write("file", "in the way");
        var result = command.Run("train", "fashion-mnist", "--output", folder);
        result.Complains(UserMistake, folder, "can't be written to", "give another folder with --output");
        Assert.Empty(result.Out);
        Assert.Equal("in the way", File.ReadAllText(command["file"]));
    }

    [Fact]
    public void A_report_is_not_written_over_a_folder()
    {
        Directory.CreateDirectory(command["page"]);
        command.Write("run.json", "{}");
        command.Run("report", "run.json").Complains(UserMistake, "run.json: is no run of this version");
        command.Run("data", "inspect", "fashion-mnist", "--grid", "page").Complains(UserMistake, "page: is a folder");
    }

    [Fact]
    public void A_file_that_is_no_model_is_a_failure()
    {
        command.Write("no-model.zip", "this is no .zip");
        command.Run("inspect", "no-model.zip").Complains(Failure, "no-model.zip: not a readable .zip");
    }

    [Fact]
    public void Help_calls_the_command_by_its_name_and_exits_with_0()
    {
        var help = command.Run("train", "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("mlnetcnn train <dataset> [options]", help.Out, StringComparison.Ordinal);
        Assert.Contains("sgd, adam, adamW, nAdam, adagrad, rmsProp", help.Out, StringComparison.Ordinal);
    }
}
