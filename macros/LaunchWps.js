// WPS calls the function that has the name of a button's macro. The workbook is named in a file, never on a command line.
function BangfuLaunch(action) {
    try {
        var home = Application.Env.GetHomePath().replace(/\//g, "\\").replace(/\\+$/, "");
        var folder = home + "\\.xlbangfu\\wps\\";
        var files = Application.FileSystem;
        if (!files.Exists(folder + "launch.bat")) {
            BangfuSay("没有做成，工作簿没有改动：这台电脑还没有装好，请运行 xlbangfu setup（或再双击一次安装程序）。");
            return;
        }
        var number = String(Date.now());
        var request = JSON.stringify({ action: action, workbook: ThisWorkbook.FullName });
        files.WriteFile(folder + number + ".json", request.replace(/[^ -~]/g, BangfuEscape));
        Shell('"' + folder + 'launch.bat" ' + number, jsHide);
    } catch (problem) {
        BangfuSay("没有做成，工作簿没有改动：这一版 WPS 启动不了程序（" + problem + "），请更新 WPS，或者用“帮扶窗口”。");
    }
}

// ASCII, whatever code page the file is written in.
function BangfuEscape(letter) {
    return "\\u" + ("000" + letter.charCodeAt(0).toString(16)).slice(-4);
}

function BangfuSay(text) {
    MsgBox(text, 0, "帮扶总表");
}
