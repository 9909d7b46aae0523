<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>annsm</name>
    <message>
        <source>Run record</source>
        <translation>运行记录</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>拾取</translation>
    </message>
    <message>
        <source>Click cells or stations on the map; with Ctrl they stay beside each other</source>
        <translation>在地图上点击格网或站点；按住 Ctrl 可同时保留多个</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Forget all cells</source>
        <translation>移除所有格网</translation>
    </message>
    <message>
        <source>What is drawn</source>
        <translation>绘制内容</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Which series are drawn</source>
        <translation>绘制哪些序列</translation>
    </message>
    <message>
        <source>Product on the horizontal axis</source>
        <translation>横轴上的产品</translation>
    </message>
    <message>
        <source>Reference on the vertical axis</source>
        <translation>纵轴上的参考</translation>
    </message>
    <message>
        <source>Days that count</source>
        <translation>参与统计的日期</translation>
    </message>
    <message>
        <source>All days</source>
        <translation>全部日期</translation>
    </message>
    <message>
        <source>Show all days (double click)</source>
        <translation>显示全部日期（双击）</translation>
    </message>
    <message>
        <source>Save figure …</source>
        <translation>保存图件…</translation>
    </message>
    <message>
        <source>PNG, PDF or SVG</source>
        <translation>PNG、PDF 或 SVG</translation>
    </message>
    <message>
        <source>Save numbers …</source>
        <translation>保存数据…</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>时间序列</translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation>散点图</translation>
    </message>
    <message>
        <source>Year's course</source>
        <translation>年内变化</translation>
    </message>
    <message>
        <source>Anomalies</source>
        <translation>距平</translation>
    </message>
    <message>
        <source>Training period</source>
        <translation>训练期</translation>
    </message>
    <message>
        <source>Test period</source>
        <translation>测试期</translation>
    </message>
    <message>
        <source>Days shown</source>
        <translation>当前显示的日期</translation>
    </message>
    <message>
        <source>Click a cell or a station on the map.</source>
        <translation>请在地图上点击一个格网或站点。</translation>
    </message>
    <message>
        <source>Tick a cell to keep it; double click to name it</source>
        <translation>勾选以保留格网；双击可命名</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>ANN-SM Explorer</source>
        <translation>ANN-SM 浏览器</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>格网</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Save figure</source>
        <translation>保存图件</translation>
    </message>
    <message>
        <source>Save numbers</source>
        <translation>保存数据</translation>
    </message>
    <message>
        <source>The project has no ANN-SM file and no cube; run a chain on the other page, or add one.</source>
        <translation>工程中没有 ANN-SM 文件或数据立方体；请在另一页运行流程，或添加一个文件。</translation>
    </message>
    <message>
        <source>There is no ANN-SM file or cube in the project to look into.</source>
        <translation>工程中没有可供查看的 ANN-SM 文件或数据立方体。</translation>
    </message>
    <message>
        <source>Click a cell or a station. Found: {names}</source>
        <translation>请点击格网或站点。已找到：{names}</translation>
    </message>
    <message>
        <source>{place} lies outside the cells of the project's files.</source>
        <translation>{place} 位于工程文件的格网之外。</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>无值</translation>
    </message>
    <message>
        <source>Something went wrong in the plugin; Details has what to report.</source>
        <translation>插件出现内部错误；“详细信息”中有需要报告的内容。</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>Python for training</source>
        <translation>用于训练的 Python</translation>
    </message>
    <message>
        <source>as many as cores</source>
        <translation>与核心数相同</translation>
    </message>
    <message>
        <source>Most worker processes</source>
        <translation>工作进程数上限</translation>
    </message>
    <message>
        <source>Device 'auto' means</source>
        <translation>设备“auto”的含义</translation>
    </message>
    <message>
        <source>256 MB</source>
        <translation>256 MB</translation>
    </message>
    <message>
        <source>Memory that the arrays of one step may take; more makes large regions a little faster</source>
        <translation>单个步骤的数组可占用的内存；较大的值使大区域略快</translation>
    </message>
    <message>
        <source>Memory of a step</source>
        <translation>单个步骤的内存</translation>
    </message>
    <message>
        <source>Check installation</source>
        <translation>检查安装</translation>
    </message>
    <message>
        <source>What this computer has and lacks for each step</source>
        <translation>本机各步骤具备和缺少的组件</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>whichever is faster</source>
        <translation>较快者</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>NVIDIA GPU (CUDA)</source>
        <translation>NVIDIA GPU（CUDA）</translation>
    </message>
    <message>
        <source>A Python for training, beside QGIS's own; paste this into a terminal:</source>
        <translation>QGIS 之外用于训练的 Python；请将此命令粘贴到终端：</translation>
    </message>
    <message>
        <source>Chain</source>
        <translation>流程</translation>
    </message>
    <message>
        <source>West, east, south, north in degrees; from the map or a layer by the button</source>
        <translation>西、东、南、北（度）；可用按钮从地图或图层取得</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Optional: an ISMN download, to validate against stations too</source>
        <translation>可选：ISMN 下载数据，用于同时进行站点验证</translation>
    </message>
    <message>
        <source>Stations</source>
        <translation>站点</translation>
    </message>
    <message>
        <source>Receives all files of the run</source>
        <translation>存放本次运行的全部文件</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Check folders</source>
        <translation>检查文件夹</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>再次运行</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on where the run was stopped: steps that are done are not done again</source>
        <translation>从中断处继续：已完成的步骤不再重做</translation>
    </message>
    <message>
        <source>Load layers</source>
        <translation>加载图层</translation>
    </message>
    <message>
        <source>Open report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>The report of the run in the web browser; the others of its folder: right click on the run</source>
        <translation>在浏览器中打开该次运行的报告；文件夹中的其他报告：右键单击该次运行</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>{chain}: done in {time}, {count} layers loaded.</source>
        <translation>{chain}：用时 {time} 完成，已加载 {count} 个图层。</translation>
    </message>
    <message>
        <source>Settings into the form</source>
        <translation>将设置填入表单</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Runs (double click: settings into the form)</source>
        <translation>运行列表（双击：将设置填入表单）</translation>
    </message>
    <message>
        <source>Results: choose a folder.</source>
        <translation>结果：请选择文件夹。</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Stations: a study needs them; choose an ISMN download.</source>
        <translation>站点：“研究”流程需要站点数据；请选择 ISMN 下载数据。</translation>
    </message>
    <message>
        <source>{time}; results in {folder}</source>
        <translation>{time}；结果位于 {folder}</translation>
    </message>
    <message>
        <source>Cancelled. 'Resume' goes on where it was.</source>
        <translation>已取消。“继续”可从中断处接着运行。</translation>
    </message>
    <message>
        <source>The run failed.</source>
        <translation>运行失败。</translation>
    </message>
    <message>
        <source>{folder} holds no result.</source>
        <translation>{folder} 中没有结果。</translation>
    </message>
    <message>
        <source>{folder} holds no report.</source>
        <translation>{folder} 中没有报告。</translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation>打开 {name}</translation>
    </message>
    <message>
        <source>{folder} is not a folder.</source>
        <translation>{folder} 不是文件夹。</translation>
    </message>
    <message>
        <source>{label}: choose a folder.</source>
        <translation>{label}：请选择文件夹。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be made: {why}.</source>
        <translation>无法创建文件夹 {folder}：{why}。</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>约剩 {time}</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>用户指南</translation>
    </message>
    <message>
        <source>Run the chain: Recommended</source>
        <translation>运行流程：推荐设置</translation>
    </message>
    <message>
        <source>Run the chain: Wang &amp; Xu 2021</source>
        <translation>运行流程：Wang &amp; Xu 2021</translation>
    </message>
    <message>
        <source>Make demo data (synthetic)</source>
        <translation>生成演示数据（合成）</translation>
    </message>
    <message>
        <source>Inventory of a product folder</source>
        <translation>产品文件夹清单</translation>
    </message>
    <message>
        <source>Copy for the model designer: {title}</source>
        <translation>复制到模型设计器：{title}</translation>
    </message>
    <message>
        <source>0 - Data</source>
        <translation>0 - 数据</translation>
    </message>
    <message>
        <source>Says which steps this computer is ready for and which packages are missing. Every Python that is found is started and trains a few networks, so that a broken one is told from a good one. If none can, the report holds one command that makes an environment for training; QGIS itself needs no PyTorch then.</source>
        <translation>说明本机可以运行哪些步骤、缺少哪些软件包。找到的每个 Python 都会被启动并试训几个网络，以区分可用与损坏的解释器。若都不可用，报告会给出一条用于建立训练环境的命令；这样 QGIS 本身不需要 PyTorch。</translation>
    </message>
    <message>
        <source>Command that makes a Python for training</source>
        <translation>建立训练用 Python 的命令</translation>
    </message>
    <message>
        <source>Ready: Matching and screening</source>
        <translation>就绪：匹配与筛选</translation>
    </message>
    <message>
        <source>Ready: Training and sensitivity</source>
        <translation>就绪：训练与敏感性分析</translation>
    </message>
    <message>
        <source>Ready: Reconstruction</source>
        <translation>就绪：重建</translation>
    </message>
    <message>
        <source>Ready: Validation, triple collocation, record</source>
        <translation>就绪：验证、三重配准、记录</translation>
    </message>
    <message>
        <source>Ready: Stations</source>
        <translation>就绪：站点</translation>
    </message>
    <message>
        <source>Ready: Random forest in the comparison of methods</source>
        <translation>就绪：方法比较中的随机森林</translation>
    </message>
    <message>
        <source>Ready: Demo archive</source>
        <translation>就绪：演示数据</translation>
    </message>
    <message>
        <source>Ready: Work on a cluster</source>
        <translation>就绪：集群计算</translation>
    </message>
    <message>
        <source>An interpreter to try beside those that are found; empty: the one that ANNSM_PYTHON names, if any.</source>
        <translation>除自动找到的解释器外还要尝试的解释器；留空：ANNSM_PYTHON 所指定的（如有）。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>What is there, what is missing, and the command to copy.</source>
        <translation>已有的、缺少的，以及可复制的命令。</translation>
    </message>
    <message>
        <source>Writes a small archive of synthetic files in the formats of the satellite products, so that the whole chain can be tried without any download. The numbers come from a physical model (a bucket soil with random rain, a tau-omega emission model, swath gaps and sensor noise); they are not observations. truth.nc holds the soil moisture that the model used.</source>
        <translation>以卫星产品的格式写出一个小型合成数据集，无需下载即可试用整个流程。数值来自物理模型（随机降雨驱动的土壤水桶模型、tau-omega 辐射模型、轨道间隙和传感器噪声），不是观测。truth.nc 保存模型所用的土壤湿度真值。</translation>
    </message>
    <message>
        <source>First day of the training period</source>
        <translation>训练期首日</translation>
    </message>
    <message>
        <source>Last day of the training period</source>
        <translation>训练期末日</translation>
    </message>
    <message>
        <source>First day of the test period</source>
        <translation>测试期首日</translation>
    </message>
    <message>
        <source>Last day of the test period</source>
        <translation>测试期末日</translation>
    </message>
    <message>
        <source>First day of the AMSR-E period</source>
        <translation>AMSR-E 时段首日</translation>
    </message>
    <message>
        <source>Last day of the AMSR-E period</source>
        <translation>AMSR-E 时段末日</translation>
    </message>
    <message>
        <source>Extent of the archive (west,east,south,north)</source>
        <translation>数据集范围（西,东,南,北）</translation>
    </message>
    <message>
        <source>'demo': 120 cells; 'tiny': a very small archive; 'landscape': 1 008 cells with mountains, a dry west, a wet east and a valley; 'patchwork': 120 cells, each with soil, plants and errors of GLDAS of its own.</source>
        <translation>“demo”：120 个格网；“tiny”：很小的数据集；“landscape”：1008 个格网，含山地、干旱的西部、湿润的东部和河谷；“patchwork”：120 个格网，各有自己的土壤、植被和 GLDAS 误差。</translation>
    </message>
    <message>
        <source>Years of training</source>
        <translation>训练年数</translation>
    </message>
    <message>
        <source>Length of the training period; the test period and the AMSR-E period are added.</source>
        <translation>训练期的长度；另加测试期和 AMSR-E 时段。</translation>
    </message>
    <message>
        <source>Random seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed gives the same archive.</source>
        <translation>相同的种子得到相同的数据集。</translation>
    </message>
    <message>
        <source>Folder of the archive</source>
        <translation>数据集文件夹</translation>
    </message>
    <message>
        <source>Receives one folder per product.</source>
        <translation>每个产品一个子文件夹。</translation>
    </message>
    <message>
        <source>Make download lists</source>
        <translation>生成下载清单</translation>
    </message>
    <message>
        <source>Writes what is needed to fetch the inputs of a region and period: addresses of GLDAS subsets (only the 3-hourly steps that the local hours need), AppEEARS requests for leaf area index, a search for SMAP, SFTP paths for AMSR, with counts and sizes and a README that says how. Nothing is downloaded and no login is asked for or stored.</source>
        <translation>写出获取某区域和时段输入数据所需的内容：GLDAS 子集地址（仅含地方时所需的 3 小时时次）、叶面积指数的 AppEEARS 请求、SMAP 检索、AMSR 的 SFTP 路径，并附数量、大小和说明文件。本步骤不下载数据，也不询问或保存登录信息。</translation>
    </message>
    <message>
        <source>Files to fetch</source>
        <translation>需获取的文件数</translation>
    </message>
    <message>
        <source>About how many megabytes</source>
        <translation>大约兆字节数</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60.</source>
        <translation>留空：青藏高原，73–105°E，26–40°N。跨越日期变更线：170,190,50,60。</translation>
    </message>
    <message>
        <source>First day</source>
        <translation>首日</translation>
    </message>
    <message>
        <source>Local date.</source>
        <translation>地方日期。</translation>
    </message>
    <message>
        <source>Last day</source>
        <translation>末日</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>产品</translation>
    </message>
    <message>
        <source>What to make lists for; all by default.</source>
        <translation>为哪些产品生成清单；默认为全部。</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>As in Match products: 'paper', 'common' or a list such as '06,10,18'.</source>
        <translation>与“Match products”相同：“paper”、“common”或如“06,10,18”的列表。</translation>
    </message>
    <message>
        <source>Overpass</source>
        <translation>过境</translation>
    </message>
    <message>
        <source>Descending passes are at night.</source>
        <translation>降轨在夜间。</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>地方时</translation>
    </message>
    <message>
        <source>As in Match products: 'solar', a fixed offset from UTC such as '+8', or 'file' (the date in the file name).</source>
        <translation>与“Match products”相同：“solar”、相对 UTC 的固定偏移（如“+8”）或“file”（文件名中的日期）。</translation>
    </message>
    <message>
        <source>Leaf area index</source>
        <translation>叶面积指数</translation>
    </message>
    <message>
        <source>The MODIS product. Before 2002-07-04 there is only MOD15A2H, which is then listed for those days.</source>
        <translation>MODIS 产品。2002-07-04 之前只有 MOD15A2H，届时列出该产品。</translation>
    </message>
    <message>
        <source>Folder of files that are there</source>
        <translation>已有文件的文件夹</translation>
    </message>
    <message>
        <source>What it and its sub-folders hold in files that can be read is left out of the lists, so that they close its gaps.</source>
        <translation>该文件夹及其子文件夹中可读文件已有的内容不再列入清单，因此清单正好补齐其缺口。</translation>
    </message>
    <message>
        <source>Folder of lists</source>
        <translation>清单文件夹</translation>
    </message>
    <message>
        <source>Receives the lists, the requests and README.txt.</source>
        <translation>存放清单、请求和 README.txt。</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>One row per product: number of files, size, period.</source>
        <translation>每个产品一行：文件数、大小、时段。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载数据</translation>
    </message>
    <message>
        <source>Fetches what the lists of 'Make download lists' name into the folders gldas, lai, smap and amsr. Files that are there are left alone, and each new one is opened before it gets its name; after any break, run it again and it goes on. It asks few questions at a time and keeps the pauses that the archives ask for. A password is shown to its login host alone; none is written anywhere.</source>
        <translation>把“生成下载清单”所列的内容下载到 gldas、lai、smap 和 amsr 文件夹。已有的文件不再下载，每个新文件在得到其名称之前都会打开检查；无论因何中断，再次运行即可继续。同时发出的请求很少，并遵守数据中心要求的等待时间。密码只发送给其登录主机，不会写入任何地方。</translation>
    </message>
    <message>
        <source>Files fetched</source>
        <translation>已下载文件数</translation>
    </message>
    <message>
        <source>Files that were there</source>
        <translation>原已存在的文件数</translation>
    </message>
    <message>
        <source>Files still missing</source>
        <translation>仍缺少的文件数</translation>
    </message>
    <message>
        <source>Megabytes fetched</source>
        <translation>已下载兆字节数</translation>
    </message>
    <message>
        <source>What Make download lists has written.</source>
        <translation>“生成下载清单”写出的文件夹。</translation>
    </message>
    <message>
        <source>What to fetch; all that the folder has lists for by default.</source>
        <translation>要下载的产品；默认为该文件夹中有清单的全部产品。</translation>
    </message>
    <message>
        <source>Earthdata login</source>
        <translation>Earthdata 登录</translation>
    </message>
    <message>
        <source>An authentication of QGIS (Basic: name and password; API header: Authorization with 'Bearer TOKEN'). Without one: EARTHDATA_TOKEN, or EARTHDATA_USERNAME and EARTHDATA_PASSWORD, of the environment, or the line 'machine urs.earthdata.nasa.gov' of the file .netrc. Only its id is kept in the run record.</source>
        <translation>QGIS 的身份验证配置（Basic：用户名和密码；API header：Authorization 为 'Bearer TOKEN'）。不指定时：使用环境变量 EARTHDATA_TOKEN，或 EARTHDATA_USERNAME 和 EARTHDATA_PASSWORD，或 .netrc 文件中的 'machine urs.earthdata.nasa.gov' 一行。运行记录中只保存其标识。</translation>
    </message>
    <message>
        <source>G-Portal login</source>
        <translation>G-Portal 登录</translation>
    </message>
    <message>
        <source>For AMSR: an authentication of QGIS (Basic). Without one: GPORTAL_USERNAME and GPORTAL_PASSWORD of the environment, or the line 'machine ftp.gportal.jaxa.jp' of the file .netrc; without a password, the keys of ssh.</source>
        <translation>用于 AMSR：QGIS 的身份验证配置（Basic）。不指定时：使用环境变量 GPORTAL_USERNAME 和 GPORTAL_PASSWORD，或 .netrc 文件中的 'machine ftp.gportal.jaxa.jp' 一行；没有密码时使用 ssh 密钥。</translation>
    </message>
    <message>
        <source>GLDAS files</source>
        <translation>GLDAS 文件</translation>
    </message>
    <message>
        <source>'subsets': cut to the region by the archive; 'whole': global files, if the archive's subset service no longer answers.</source>
        <translation>'subsets'：由数据中心按区域裁剪；'whole'：全球文件，用于数据中心的裁剪服务不再可用时。</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接数</translation>
    </message>
    <message>
        <source>To one archive at a time; more are not welcome there.</source>
        <translation>同时与一个数据中心的连接数；数据中心不欢迎更多连接。</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>尝试次数</translation>
    </message>
    <message>
        <source>For one file without any progress, with growing pauses between them.</source>
        <translation>对单个文件在毫无进展时的尝试次数，间隔逐次加长。</translation>
    </message>
    <message>
        <source>Minutes to wait for AppEEARS</source>
        <translation>等待 AppEEARS 的分钟数</translation>
    </message>
    <message>
        <source>It works for minutes to hours on a request. A later run takes what is ready then.</source>
        <translation>它处理一个请求需要几分钟到几小时。之后再次运行会取回届时已完成的结果。</translation>
    </message>
    <message>
        <source>Folder of data</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Receives the folders gldas, lai, smap and amsr.</source>
        <translation>其中将生成 gldas、lai、smap 和 amsr 文件夹。</translation>
    </message>
    <message>
        <source>One row per file: whether it is there, how large it is, and why not.</source>
        <translation>每个文件一行：是否已有、大小，以及缺少的原因。</translation>
    </message>
    <message>
        <source>Lists which products, sensors, channels and days a folder holds, what is missing in between, and which files cannot be read or used; which stations and depths station files hold; and what to fetch to close the gaps. Every file's first bytes are looked at, which finds empty, cut-off and forbidden ones; some or all are opened too.</source>
        <translation>列出文件夹中有哪些产品、传感器、通道和日期，中间缺少什么，哪些文件不能读取或使用；站点文件中有哪些站点和深度；以及需要获取什么来补齐缺口。检查每个文件的起始字节，以发现空文件、截断文件和无权限文件；并打开部分或全部文件。</translation>
    </message>
    <message>
        <source>Files recognised</source>
        <translation>识别的文件数</translation>
    </message>
    <message>
        <source>Files not recognised</source>
        <translation>未识别的文件数</translation>
    </message>
    <message>
        <source>Files and folders that cannot be read</source>
        <translation>无法读取的文件和文件夹数</translation>
    </message>
    <message>
        <source>Files that cannot be used</source>
        <translation>无法使用的文件数</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Searched with all its sub-folders.</source>
        <translation>包括所有子文件夹。</translation>
    </message>
    <message>
        <source>Look into files</source>
        <translation>检查文件内容</translation>
    </message>
    <message>
        <source>'sample': open ten files of each record and compare the date inside with the name; 'all': open every file (slow); 'headers': the first bytes only.</source>
        <translation>“sample”：每类打开十个文件，比较文件内日期与文件名；“all”：打开全部文件（慢）；“headers”：仅检查起始字节。</translation>
    </message>
    <message>
        <source>One row per product, sensor, channel, orbit and version.</source>
        <translation>每个产品、传感器、通道、轨道和版本一行。</translation>
    </message>
    <message>
        <source>The table as a page (HTML), with a calendar of the days that have files and lists of what is missing or unreadable.</source>
        <translation>网页（HTML）形式的表格，含有文件日期的日历以及缺失或不可读文件的列表。</translation>
    </message>
    <message>
        <source>Match products</source>
        <translation>匹配产品</translation>
    </message>
    <message>
        <source>1 - Rebuild</source>
        <translation>1 - 重建</translation>
    </message>
    <message>
        <source>Brings brightness temperature (AMSR-E, AMSR2), GLDAS, MODIS leaf area index and, as the target, SMAP soil moisture to the same 0.25 degree cells and the same local solar days, and writes them as one cube. Leave SMAP out to make a cube for reconstruction only.</source>
        <translation>将亮度温度（AMSR-E、AMSR2）、GLDAS、MODIS 叶面积指数以及作为目标的 SMAP 土壤湿度统一到相同的 0.25° 格网和地方太阳日，并写成一个数据立方体。若仅用于重建，可不提供 SMAP。</translation>
    </message>
    <message>
        <source>Cells with a complete day</source>
        <translation>有完整日的格网数</translation>
    </message>
    <message>
        <source>Complete cell days</source>
        <translation>完整格网日数</translation>
    </message>
    <message>
        <source>AMSR brightness temperature</source>
        <translation>AMSR 亮度温度</translation>
    </message>
    <message>
        <source>Folder of JAXA L3 files of AMSR2 and AMSR-E, or of NSIDC's calibrated brightness temperatures (CETB); both sensors may be in it.</source>
        <translation>AMSR2 和 AMSR-E 的 JAXA L3 文件夹，或 NSIDC 校准亮温（CETB）文件夹；两种传感器可放在一起。</translation>
    </message>
    <message>
        <source>SMAP</source>
        <translation>SMAP</translation>
    </message>
    <message>
        <source>Folder of SPL3SMP or SPL3SMP_E files, whole or subsets; empty: a cube without target.</source>
        <translation>SPL3SMP 或 SPL3SMP_E 文件的文件夹，整幅或子集均可；留空：不含目标变量的数据立方体。</translation>
    </message>
    <message>
        <source>GLDAS</source>
        <translation>GLDAS</translation>
    </message>
    <message>
        <source>Folder of GLDAS-2.1 Noah 3-hourly files.</source>
        <translation>GLDAS-2.1 Noah 3 小时文件夹。</translation>
    </message>
    <message>
        <source>Folder of MODIS or VIIRS 15A2H tiles, or an AppEEARS export.</source>
        <translation>MODIS 或 VIIRS 15A2H 分块文件夹，或 AppEEARS 导出文件夹。</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>掩膜</translation>
    </message>
    <message>
        <source>Only cells whose centre lies in these polygons are matched.</source>
        <translation>只匹配中心位于这些多边形内的格网。</translation>
    </message>
    <message>
        <source>'paper', 'common' (frequencies that both sensors have), or a list such as '06,10,18'.</source>
        <translation>“paper”、“common”（两种传感器共有的频率）或如“06,10,18”的列表。</translation>
    </message>
    <message>
        <source>Polarisation</source>
        <translation>极化</translation>
    </message>
    <message>
        <source>Vertical, horizontal or both; the paper does not say which it used.</source>
        <translation>垂直、水平或两者；论文未说明所用极化。</translation>
    </message>
    <message>
        <source>SMAP variable</source>
        <translation>SMAP 变量</translation>
    </message>
    <message>
        <source>The retrieval of soil moisture: the baseline of the release, or one algorithm.</source>
        <translation>所用的土壤湿度反演：该版本的基准算法，或某一算法。</translation>
    </message>
    <message>
        <source>SMAP product</source>
        <translation>SMAP 产品</translation>
    </message>
    <message>
        <source>'SPL3SMP': 36 km, interpolated as in the paper; 'SPL3SMP_E mean': the enhanced 9 km product, mean of the pixels in a cell; 'SPL3SMP_E linear': the same, interpolated to the centre of the cell.</source>
        <translation>“SPL3SMP”：36 km，按论文插值；“SPL3SMP_E mean”：9 km 增强产品，取格网内像元的平均；“SPL3SMP_E linear”：同一产品，插值到格网中心。</translation>
    </message>
    <message>
        <source>SMAP quality</source>
        <translation>SMAP 质量</translation>
    </message>
    <message>
        <source>'retrieved': every retrieval; 'recommended': only those that the product's quality flag recommends.</source>
        <translation>“retrieved”：全部反演值；“recommended”：仅质量标志推荐的值。</translation>
    </message>
    <message>
        <source>AMSR-E to AMSR2</source>
        <translation>AMSR-E 校准到 AMSR2</translation>
    </message>
    <message>
        <source>How AMSR-E is brought to the level of AMSR2. 'none': not at all, as in the paper; 'table': by a slope and an offset per channel; 'climatology': each cell's mean annual cycle is made equal, which removes real change between the two periods too.</source>
        <translation>如何将 AMSR-E 统一到 AMSR2。“none”：不校准，与论文相同；“table”：每通道的斜率和截距；“climatology”：使每个格网的平均年循环一致，但也会去除两个时段间的真实变化。</translation>
    </message>
    <message>
        <source>Calibration table</source>
        <translation>校准表</translation>
    </message>
    <message>
        <source>CSV with slope and offset (K) per channel, polarisation and orbit; needed if CALIBRATION is 'table'.</source>
        <translation>CSV，含每个通道、极化和轨道的斜率和截距（K）；CALIBRATION 为“table”时需要。</translation>
    </message>
    <message>
        <source>Leaf area index by</source>
        <translation>叶面积指数取值方式</translation>
    </message>
    <message>
        <source>'linear': the paper's interpolation to the centre of the cell; 'area': mean of all good pixels in the cell.</source>
        <translation>“linear”：论文的格网中心插值；“area”：格网内所有合格像元的平均。</translation>
    </message>
    <message>
        <source>Rain sum</source>
        <translation>降雨量</translation>
    </message>
    <message>
        <source>Rain between the overpasses. 'paper': the sum of seven hourly values, 01:00 to 07:00 local; 'interval': the depth that fell from 00:30 to 07:30 local.</source>
        <translation>两次过境之间的降雨。“paper”：地方时 01:00 至 07:00 七个逐时值之和；“interval”：地方时 00:30 至 07:30 的降雨深度。</translation>
    </message>
    <message>
        <source>What a day is: 'solar' (UTC plus one hour per 15 degrees of longitude east, in each cell), a fixed offset from UTC such as '+8', or 'file' (the date in the file name).</source>
        <translation>如何定义一日：“solar”（每个格网按经度每 15 度加一小时）、相对 UTC 的固定偏移（如“+8”），或“file”（文件名中的日期）。</translation>
    </message>
    <message>
        <source>Layout of AMSR files</source>
        <translation>AMSR 文件布局</translation>
    </message>
    <message>
        <source>AMSR files hold no coordinates. 'documented': longitudes 0 to 360, north first. If land then lies where the sea is, matching stops and names the layout that fits.</source>
        <translation>AMSR 文件不含坐标。“documented”：经度 0 至 360，北在前。若因此陆地落在海上，匹配会停止并给出合适的布局。</translation>
    </message>
    <message>
        <source>Extra predictors</source>
        <translation>附加预测因子</translation>
    </message>
    <message>
        <source>Further inputs: rasters (constant in time) and NetCDF files (constant or daily); file or variable names become theirs.</source>
        <translation>更多输入：栅格（不随时间变化）和 NetCDF 文件（常量或逐日）；以文件名或变量名命名。</translation>
    </message>
    <message>
        <source>Cube</source>
        <translation>数据立方体</translation>
    </message>
    <message>
        <source>All variables, one value per cell and local day (CF NetCDF).</source>
        <translation>全部变量，每格网每地方日一个值（CF NetCDF）。</translation>
    </message>
    <message>
        <source>Complete days per cell</source>
        <translation>每格网完整日数</translation>
    </message>
    <message>
        <source>Days on which a cell has all inputs and, with SMAP, the target.</source>
        <translation>格网具备全部输入（及有 SMAP 时的目标）的日数。</translation>
    </message>
    <message>
        <source>Load the cube</source>
        <translation>加载数据立方体</translation>
    </message>
    <message>
        <source>Add the first brightness temperature of the cube to the project.</source>
        <translation>将立方体的第一个亮度温度加入工程。</translation>
    </message>
    <message>
        <source>Screen precipitation</source>
        <translation>筛选降水</translation>
    </message>
    <message>
        <source>Marks the days of each cell on which more rain fell between the AMSR and the SMAP overpass than the threshold. Every value stays; training leaves the marked days out and reconstruction flags them.</source>
        <translation>标记每个格网在 AMSR 与 SMAP 过境之间降雨超过阈值的日期。所有数值保留；训练时排除被标记日，重建时加标志。</translation>
    </message>
    <message>
        <source>Cell days marked</source>
        <translation>被标记的格网日数</translation>
    </message>
    <message>
        <source>The output of 'Match products'.</source>
        <translation>“Match products”的输出。</translation>
    </message>
    <message>
        <source>Threshold (mm in 7 h)</source>
        <translation>阈值（7 小时 mm）</translation>
    </message>
    <message>
        <source>A day is marked if more rain than this fell in the seven hours between the overpasses; the paper found 8.75.</source>
        <translation>两次过境之间七小时降雨超过该值的日期被标记；论文得到 8.75。</translation>
    </message>
    <message>
        <source>Best settings</source>
        <translation>最佳设置</translation>
    </message>
    <message>
        <source>The BEST file of a sensitivity analysis; its threshold replaces the one above.</source>
        <translation>敏感性分析的 BEST 文件；其阈值替代上面的值。</translation>
    </message>
    <message>
        <source>Screened cube</source>
        <translation>筛选后的立方体</translation>
    </message>
    <message>
        <source>A copy of the cube with the marks.</source>
        <translation>带标记的立方体副本。</translation>
    </message>
    <message>
        <source>Days marked per cell</source>
        <translation>每格网被标记日数</translation>
    </message>
    <message>
        <source>How many days of each cell are marked.</source>
        <translation>每个格网有多少天被标记。</translation>
    </message>
    <message>
        <source>Add the marks (1 = too much rain) to the project, one band per day.</source>
        <translation>将标记（1 = 降雨过多）加入工程，每日一个波段。</translation>
    </message>
    <message>
        <source>Train networks</source>
        <translation>训练网络</translation>
    </message>
    <message>
        <source>Trains one small neural network per 0.25 degree cell by Levenberg-Marquardt, with SMAP soil moisture as the target and every other variable of the cube as input. Needs PyTorch, in QGIS's Python or in another (see PYTHON). A stopped run goes on where it was when it is started again with the same settings and output.</source>
        <translation>以 SMAP 土壤湿度为目标、立方体的其他变量为输入，用 Levenberg-Marquardt 方法为每个 0.25° 格网训练一个小型神经网络。需要 PyTorch（在 QGIS 的 Python 或另一个 Python 中，见 PYTHON）。中断后以相同设置和输出再次启动即可继续。</translation>
    </message>
    <message>
        <source>Mean R, overall samples</source>
        <translation>平均 R，全部样本</translation>
    </message>
    <message>
        <source>Mean RMSE, overall samples (0-1)</source>
        <translation>平均 RMSE，全部样本（0–1）</translation>
    </message>
    <message>
        <source>Cells trained</source>
        <translation>已训练的格网数</translation>
    </message>
    <message>
        <source>A cube with the target, matched with the SMAP folder; screened or not.</source>
        <translation>含目标的立方体，匹配时提供了 SMAP；是否筛选均可。</translation>
    </message>
    <message>
        <source>First day of training</source>
        <translation>训练首日</translation>
    </message>
    <message>
        <source>Last day of training</source>
        <translation>训练末日</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Names of the cube's variables with commas between; empty: all. Derived inputs such as mpdi_10, mvi, api or sm_gldas_surface can be named too.</source>
        <translation>数据立方体中变量的名称，以逗号分隔；留空表示全部。也可以写派生输入，如 mpdi_10、mvi、api 或 sm_gldas_surface。</translation>
    </message>
    <message>
        <source>Hidden neurons</source>
        <translation>隐藏神经元</translation>
    </message>
    <message>
        <source>Size of each network; the paper uses 12.</source>
        <translation>每个网络的大小；论文用 12。</translation>
    </message>
    <message>
        <source>Training/validation/testing (%)</source>
        <translation>训练/验证/测试（%）</translation>
    </message>
    <message>
        <source>Three whole numbers that add up to 100.</source>
        <translation>三个整数，总和为 100。</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>样本划分</translation>
    </message>
    <message>
        <source>'random' is the paper's; 'blocks' (of 30 days) and 'leave_one_year_out' keep neighbouring days together, so that testing errors are not too small.</source>
        <translation>论文为“random”；“blocks”（30 天一段）和“leave_one_year_out”使相邻日期在一起，测试误差不会偏小。</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Networks trained per cell, each from other initial weights; with more than one, values get a spread and an uncertainty.</source>
        <translation>每格网从不同初始权重训练的网络数；大于一时数值带有离散度和不确定度。</translation>
    </message>
    <message>
        <source>The same seed gives the same model.</source>
        <translation>相同的种子得到相同的模型。</translation>
    </message>
    <message>
        <source>Fewest complete days</source>
        <translation>最少完整日数</translation>
    </message>
    <message>
        <source>Cells with fewer complete days get no network.</source>
        <translation>完整日数更少的格网不训练网络。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>'auto' uses a CUDA device if there is one and the work is long enough to gain from it.</source>
        <translation>“auto”：若有 CUDA 设备且计算量足够大则使用它。</translation>
    </message>
    <message>
        <source>Dask scheduler</source>
        <translation>Dask 调度器</translation>
    </message>
    <message>
        <source>Address of a dask.distributed scheduler; empty: this computer.</source>
        <translation>dask.distributed 调度器地址；留空：本机。</translation>
    </message>
    <message>
        <source>The interpreter whose PyTorch is used; empty: the one that ANNSM_PYTHON names, else QGIS's own. See annsm:checkinstallation.</source>
        <translation>使用其 PyTorch 的解释器；留空：ANNSM_PYTHON 指定的，否则为 QGIS 自带的。见 annsm:checkinstallation。</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>'cell': a small network per cell, as the paper does. 'regional': one ensemble of networks for all cells, told each cell's means and spreads; more accurate where cells have few or noisy days, and it gives values also to cells without training data. 'refined': regional, with a correction of each cell whose own days prove that it helps. Both have at least five networks, each of which leaves out another fifth of the training days; neurons and regularization are their own.</source>
        <translation>“cell”：每个格网一个小型网络，与论文相同。“regional”：所有格网共用一组网络，并告知其各格网的均值和离散程度；在样本少或噪声大的格网更准确，没有训练数据的格网也能得到结果。“refined”：在 regional 的基础上，对自身数据证明有益的格网加以订正。后两者至少有五个网络，每个网络留出训练日的另外五分之一；神经元数和正则化由其自身决定。</translation>
    </message>
    <message>
        <source>Combine restarts</source>
        <translation>合并重启结果</translation>
    </message>
    <message>
        <source>What a cell's networks become: the one with the lowest validation error, the mean of all outputs, or that of the better half.</source>
        <translation>格网的网络取：验证误差最小者、全部输出的平均，或较好一半的平均。</translation>
    </message>
    <message>
        <source>Regularization</source>
        <translation>正则化</translation>
    </message>
    <message>
        <source>Share of the mean squared weight in the sum that training minimises, from 0 (the paper) to below 1; the rest is the mean squared error. Several numbers with commas between are used in turn by the restarts: 20 restarts with '0, 0.001, 0.01, 0.1, 0.3' and the best half learn small samples as well as a tuned network.</source>
        <translation>训练所最小化的和中均方权重所占的份额，从 0（论文）到小于 1；其余为均方误差。多个以逗号分隔的数由各次重启轮流使用：20 次重启、“0, 0.001, 0.01, 0.1, 0.3”并取较好一半，对小样本可达到调优网络的水平。</translation>
    </message>
    <message>
        <source>The BEST file of a sensitivity analysis; replaces inputs, neurons and ratio.</source>
        <translation>敏感性分析的 BEST 文件；替代输入、神经元和比例。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The trained networks (NetCDF).</source>
        <translation>训练好的网络（NetCDF）。</translation>
    </message>
    <message>
        <source>R per cell</source>
        <translation>每格网 R</translation>
    </message>
    <message>
        <source>Correlation over all samples of the training period.</source>
        <translation>训练期全部样本的相关系数。</translation>
    </message>
    <message>
        <source>RMSE per cell (0-1)</source>
        <translation>每格网 RMSE（0–1）</translation>
    </message>
    <message>
        <source>Error over all samples, in units of each cell's own range.</source>
        <translation>全部样本的误差，以各格网自身的取值范围为单位。</translation>
    </message>
    <message>
        <source>Status per cell</source>
        <translation>每格网状态</translation>
    </message>
    <message>
        <source>Whether each cell was trained and, if not, why.</source>
        <translation>各格网是否已训练；若未训练，说明原因。</translation>
    </message>
    <message>
        <source>Figures and tables, with the paper's numbers for comparison.</source>
        <translation>图和表，附论文数值以供比较。</translation>
    </message>
    <message>
        <source>Reconstruct soil moisture</source>
        <translation>重建土壤湿度</translation>
    </message>
    <message>
        <source>Runs the trained networks on every day of a cube with complete inputs and writes daily ANN-SM soil moisture with quality flags. The cube must have the model's channels and polarisation. Does not need PyTorch.</source>
        <translation>对立方体中输入完整的每一天运行训练好的网络，写出带质量标志的逐日 ANN-SM 土壤湿度。立方体须与模型的通道和极化一致。不需要 PyTorch。</translation>
    </message>
    <message>
        <source>Values reconstructed</source>
        <translation>重建的数值个数</translation>
    </message>
    <message>
        <source>Cells with a network</source>
        <translation>有网络的格网数</translation>
    </message>
    <message>
        <source>The output of 'Train networks'.</source>
        <translation>“Train networks”的输出。</translation>
    </message>
    <message>
        <source>The output of 'Match products' for the days wanted; SMAP is not needed.</source>
        <translation>所需日期的“Match products”输出；不需要 SMAP。</translation>
    </message>
    <message>
        <source>Local date; empty: the cube's first.</source>
        <translation>地方日期；留空：立方体的首日。</translation>
    </message>
    <message>
        <source>Local date; empty: the cube's last.</source>
        <translation>地方日期；留空：立方体的末日。</translation>
    </message>
    <message>
        <source>ANN-SM</source>
        <translation>ANN-SM</translation>
    </message>
    <message>
        <source>Daily soil moisture (CF NetCDF).</source>
        <translation>逐日土壤湿度（CF NetCDF）。</translation>
    </message>
    <message>
        <source>Load the result</source>
        <translation>加载结果</translation>
    </message>
    <message>
        <source>Add ANN-SM to the project, one band per day.</source>
        <translation>将 ANN-SM 加入工程，每日一个波段。</translation>
    </message>
    <message>
        <source>Fill gaps</source>
        <translation>填补缺测</translation>
    </message>
    <message>
        <source>Fills the days and swaths that an ANN-SM file lacks, such as those between AMSR-E and AMSR2. No estimated value changes; each filled one has the flag 'filled', the way in which it was filled, and an uncertainty. How well the ways fill is measured by hiding known values in gaps of the same shapes, beside linear interpolation and GLDAS; the report shows it. The network and the convolutions need PyTorch; without it 'best' takes the discrete cosine transform.</source>
        <translation>填补 ANN-SM 文件缺少的日期和条带间隙，例如 AMSR-E 与 AMSR2 之间的时段。已估算的值均不改变；每个填补值都带有“filled”标志、填补方式和不确定度。各方式的效果通过在相同形状的缺测中隐藏已知值来衡量，并与线性插值和 GLDAS 并列；见报告。网络和卷积需要 PyTorch；没有它时，“best”采用离散余弦变换。</translation>
    </message>
    <message>
        <source>Values filled</source>
        <translation>填补的值</translation>
    </message>
    <message>
        <source>RMSE of hidden values, short gaps (m3 m-3)</source>
        <translation>隐藏值的 RMSE，短缺测（m3 m-3）</translation>
    </message>
    <message>
        <source>RMSE of hidden values, long gaps (m3 m-3)</source>
        <translation>隐藏值的 RMSE，长缺测（m3 m-3）</translation>
    </message>
    <message>
        <source>The output of 'Reconstruct soil moisture'.</source>
        <translation>“Reconstruct soil moisture”的输出。</translation>
    </message>
    <message>
        <source>The cube of the same cells and days, with GLDAS soil moisture (sm_gldas); its brightness temperatures are not used.</source>
        <translation>相同格网和日期的立方体，含 GLDAS 土壤湿度（sm_gldas）；不使用其中的亮温。</translation>
    </message>
    <message>
        <source>'network': one network for all cells, without brightness temperatures, its error carried over from the days beside the gap; 'dct': smoothing in time and space by the discrete cosine transform; 'convolution': partial convolutions over neighbouring days; 'best': for short gaps and for long ones whichever of 'network' and 'dct' errs least where known values are hidden.</source>
        <translation>“network”：所有格网共用一个网络，不用亮温，其误差由缺测两侧的日期推及；“dct”：用离散余弦变换在时间和空间上平滑；“convolution”：对相邻日期作部分卷积；“best”：对短缺测和长缺测分别采用“network”和“dct”中在隐藏已知值时误差较小者。</translation>
    </message>
    <message>
        <source>Local date; empty: the record's first.</source>
        <translation>地方日期；留空：记录的首日。</translation>
    </message>
    <message>
        <source>Local date; empty: the record's last.</source>
        <translation>地方日期；留空：记录的末日。</translation>
    </message>
    <message>
        <source>Fill frozen soil too</source>
        <translation>也填补冻土</translation>
    </message>
    <message>
        <source>Days with soil at or below 273.15 K are learnt from and filled too, and flagged.</source>
        <translation>土壤温度不高于 273.15 K 的日期也用于学习并填补，且加标志。</translation>
    </message>
    <message>
        <source>The same seed gives the same result.</source>
        <translation>相同的种子得到相同的结果。</translation>
    </message>
    <message>
        <source>What the networks are trained on; 'auto' takes a CUDA device if there is one.</source>
        <translation>训练网络所用的设备；“auto”：有 CUDA 设备时使用它。</translation>
    </message>
    <message>
        <source>Filled ANN-SM</source>
        <translation>填补后的 ANN-SM</translation>
    </message>
    <message>
        <source>Daily soil moisture without missing days (CF NetCDF).</source>
        <translation>无缺失日期的逐日土壤湿度（CF NetCDF）。</translation>
    </message>
    <message>
        <source>Errors where known values were hidden, figures and counts.</source>
        <translation>隐藏已知值处的误差、图和数目。</translation>
    </message>
    <message>
        <source>Add the filled ANN-SM to the project, one band per day.</source>
        <translation>将填补后的 ANN-SM 加入工程，每日一个波段。</translation>
    </message>
    <message>
        <source>Analyse sensitivity</source>
        <translation>敏感性分析</translation>
    </message>
    <message>
        <source>Finds which inputs, how many hidden neurons, which sample ratio and which precipitation threshold serve a cube best: the paper's four experiments, one after the other, each at the best setting of the one before. All runs use the cells that every run can train and the days on which all inputs are complete. Needs PyTorch, in QGIS's Python or in another (see PYTHON). A stopped run goes on where it was when it is started again with the same TABLE.&lt;/p&gt;&lt;p&gt;The paper chooses by the error of the overall samples, which contain those that the network was fitted to. That error rewards large training shares and many neurons, whether or not the network does better on days it has never seen: the paper itself notes that validation and testing errors do not follow. The error of the testing samples, which take no part in the training, answers that question, but comes from fewer days, so that it varies more from seed to seed: repeat it with several seeds. With a random split even testing samples have neighbours in time among the training samples; the split 'blocks' keeps them apart.&lt;/p&gt;&lt;p&gt;Each threshold's errors come from the days that it keeps, so that a stricter one is judged on easier days; the same networks' errors on the days that the strictest threshold keeps stand beside them. Screening also narrows a cell's range, which is what a 0–1 unit is; thresholds are therefore chosen by RMSE in m3 m-3.</source>
        <translation>找出哪些输入、多少隐藏神经元、何种样本比例和何种降水阈值最适合某个立方体：论文的四个实验，依次进行，每个实验采用前一个的最佳设置。所有运行使用每次都能训练的格网以及所有输入完整的日期。需要 PyTorch（在 QGIS 的 Python 或另一个 Python 中，见 PYTHON）。中断后以相同的 TABLE 再次启动即可继续。&lt;/p&gt;&lt;p&gt;论文按全部样本的误差选择，其中包含用于拟合网络的样本。无论网络在未见过的日期上是否更好，该误差都偏向较大的训练份额和较多的神经元；论文也指出验证和测试误差并不随之变化。未参与训练的测试样本的误差可以回答这一问题，但所依据的日期较少，随种子变化较大：请用多个种子重复。随机划分时，测试样本在时间上也与训练样本相邻；“blocks”划分可将它们分开。&lt;/p&gt;&lt;p&gt;每个阈值的误差来自其保留的日期，较严的阈值因而在较容易的日期上评价；旁边给出同一网络在最严阈值所保留日期上的误差。筛选还会缩小格网的取值范围，即 0–1 单位的大小；因此阈值按以 m3 m-3 为单位的 RMSE 选择。</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行次数</translation>
    </message>
    <message>
        <source>Cells trained in every run</source>
        <translation>每次运行都训练的格网数</translation>
    </message>
    <message>
        <source>Best number of neurons</source>
        <translation>最佳神经元数</translation>
    </message>
    <message>
        <source>Best threshold (mm in 7 h)</source>
        <translation>最佳阈值（7 小时 mm）</translation>
    </message>
    <message>
        <source>Mean R at the best setting, overall samples</source>
        <translation>最佳设置下的平均 R，全部样本</translation>
    </message>
    <message>
        <source>Mean RMSE at the best setting, overall samples (0-1)</source>
        <translation>最佳设置下的平均 RMSE，全部样本（0–1）</translation>
    </message>
    <message>
        <source>Best inputs</source>
        <translation>最佳输入</translation>
    </message>
    <message>
        <source>Best ratio</source>
        <translation>最佳比例</translation>
    </message>
    <message>
        <source>A cube with the target; if it is screened, its screening is not used.</source>
        <translation>含目标的立方体；若已筛选，其筛选不被使用。</translation>
    </message>
    <message>
        <source>Names of the cube's variables that take part, with commas between; empty: all. The brightness temperatures among them are in every run, the others are added one by one.</source>
        <translation>参与的立方体变量名，以逗号分隔；留空：全部。其中的亮度温度在每次运行中使用，其余逐个加入。</translation>
    </message>
    <message>
        <source>Hidden neurons at the start</source>
        <translation>起始隐藏神经元</translation>
    </message>
    <message>
        <source>Used until the experiment 'neurons' has chosen.</source>
        <translation>在“neurons”实验选定之前使用。</translation>
    </message>
    <message>
        <source>Ratio at the start (%)</source>
        <translation>起始比例（%）</translation>
    </message>
    <message>
        <source>Used until the experiment 'ratios' has chosen.</source>
        <translation>在“ratios”实验选定之前使用。</translation>
    </message>
    <message>
        <source>Networks trained per cell and run; the one with the lowest validation error counts.</source>
        <translation>每格网每次运行训练的网络数；取验证误差最小者。</translation>
    </message>
    <message>
        <source>The first seed; the same seed gives the same table.</source>
        <translation>第一个种子；相同的种子得到相同的表格。</translation>
    </message>
    <message>
        <source>Cells that keep fewer complete days under the strictest threshold are left out.</source>
        <translation>在最严阈值下完整日数更少的格网被排除。</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>They run in this order, each at the best setting of the one before.</source>
        <translation>按此顺序进行，每个实验采用前一个的最佳设置。</translation>
    </message>
    <message>
        <source>Choose by the error of</source>
        <translation>选择所依据的误差</translation>
    </message>
    <message>
        <source>'overall' samples as the paper does, or 'testing' samples, which the networks have never seen.</source>
        <translation>与论文相同的“overall”样本，或网络从未见过的“testing”样本。</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>种子数</translation>
    </message>
    <message>
        <source>How many seeds each run is repeated with, to tell differences from chance.</source>
        <translation>每次运行重复的种子数，用以区分差异与偶然。</translation>
    </message>
    <message>
        <source>Neurons to try</source>
        <translation>尝试的神经元数</translation>
    </message>
    <message>
        <source>Such as 2-12 or 4,8,12; empty: 2-12.</source>
        <translation>如 2-12 或 4,8,12；留空：2-12。</translation>
    </message>
    <message>
        <source>Ratios to try</source>
        <translation>尝试的比例</translation>
    </message>
    <message>
        <source>Such as 70/15/15,80/10/10; empty: the paper's 13.</source>
        <translation>如 70/15/15,80/10/10；留空：论文的 13 种。</translation>
    </message>
    <message>
        <source>Thresholds to try (mm in 7 h)</source>
        <translation>尝试的阈值（7 小时 mm）</translation>
    </message>
    <message>
        <source>Such as none,8.75,17.5; empty: none and the paper's eight, 8.75 to 17.5.</source>
        <translation>如 none,8.75,17.5；留空：none 和论文的八个，8.75 至 17.5。</translation>
    </message>
    <message>
        <source>Every run with its errors for all sample kinds (CSV).</source>
        <translation>每次运行及其各类样本的误差（CSV）。</translation>
    </message>
    <message>
        <source>What 'Train networks' and 'Screen precipitation' take as SETTINGS.</source>
        <translation>供“Train networks”和“Screen precipitation”作为 SETTINGS 使用。</translation>
    </message>
    <message>
        <source>Days kept and removed</source>
        <translation>保留和去除的日数</translation>
    </message>
    <message>
        <source>First band: complete days; the others: the days among them that each threshold removes.</source>
        <translation>第一波段：完整日数；其余：各阈值从中去除的日数。</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>图件</translation>
    </message>
    <message>
        <source>Four panels as in the paper's Figure 3; PDF, SVG and the plotted numbers (CSV) are written beside the PNG.</source>
        <translation>如论文图 3 的四个子图；PNG 旁另写 PDF、SVG 和绘图数据（CSV）。</translation>
    </message>
    <message>
        <source>Validate against SMAP</source>
        <translation>与 SMAP 对比验证</translation>
    </message>
    <message>
        <source>2 - Validate</source>
        <translation>2 - 验证</translation>
    </message>
    <message>
        <source>Compares ANN-SM with the SMAP soil moisture of a cube on their common days, cell by cell: maps of R, RMSE and BIAS = mean(SMAP - ANN-SM), and a report with the paper's numbers beside.</source>
        <translation>在共同日期上逐格网比较 ANN-SM 与立方体的 SMAP 土壤湿度：R、RMSE 和 BIAS = 平均（SMAP − ANN-SM）的图，以及附有论文数值的报告。</translation>
    </message>
    <message>
        <source>Mean R</source>
        <translation>平均 R</translation>
    </message>
    <message>
        <source>Mean RMSE (m3 m-3)</source>
        <translation>平均 RMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean |BIAS| (m3 m-3)</source>
        <translation>平均 |BIAS|（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean ubRMSE (m3 m-3)</source>
        <translation>平均 ubRMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Reference cube</source>
        <translation>参考立方体</translation>
    </message>
    <message>
        <source>A cube matched with the SMAP folder.</source>
        <translation>匹配时提供了 SMAP 的立方体。</translation>
    </message>
    <message>
        <source>Local date; empty: the first common day.</source>
        <translation>地方日期；留空：首个共同日。</translation>
    </message>
    <message>
        <source>Local date; empty: the last common day.</source>
        <translation>地方日期；留空：最后一个共同日。</translation>
    </message>
    <message>
        <source>Fewest common days</source>
        <translation>最少共同日数</translation>
    </message>
    <message>
        <source>A cell with fewer has no measures.</source>
        <translation>共同日更少的格网没有指标。</translation>
    </message>
    <message>
        <source>Raster of classes</source>
        <translation>类别栅格</translation>
    </message>
    <message>
        <source>Such as land cover: the comparison by class, beside that by season and by frozen soil. Its most frequent class in a cell counts.</source>
        <translation>如土地覆盖：除按季节和冻土比较外，再按类别比较。取格网内出现最多的类别。</translation>
    </message>
    <message>
        <source>Correlation.</source>
        <translation>相关系数。</translation>
    </message>
    <message>
        <source>RMSE per cell (m3 m-3)</source>
        <translation>每格网 RMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Root mean square error.</source>
        <translation>均方根误差。</translation>
    </message>
    <message>
        <source>BIAS per cell (m3 m-3)</source>
        <translation>每格网 BIAS（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean of SMAP minus ANN-SM: negative where ANN-SM is too wet.</source>
        <translation>SMAP 减 ANN-SM 的平均：ANN-SM 偏湿处为负。</translation>
    </message>
    <message>
        <source>ubRMSE per cell (m3 m-3)</source>
        <translation>每格网 ubRMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Root mean square error without the mean difference.</source>
        <translation>去除平均差后的均方根误差。</translation>
    </message>
    <message>
        <source>Common days per cell</source>
        <translation>每格网共同日数</translation>
    </message>
    <message>
        <source>Days on which both have a value.</source>
        <translation>两者都有值的日数。</translation>
    </message>
    <message>
        <source>p-value of R per cell</source>
        <translation>每格网 R 的 p 值</translation>
    </message>
    <message>
        <source>Of the test for no correlation, with an effective sample size that allows for autocorrelation and gaps.</source>
        <translation>检验无相关假设，有效样本量考虑自相关和缺测。</translation>
    </message>
    <message>
        <source>Anomaly R per cell</source>
        <translation>每格网距平 R</translation>
    </message>
    <message>
        <source>Correlation of the departures from the mean of the 35 days around each day.</source>
        <translation>相对各日前后 35 天平均的偏离的相关系数。</translation>
    </message>
    <message>
        <source>Lower end of R's 95 % interval</source>
        <translation>R 的 95 % 区间下限</translation>
    </message>
    <message>
        <source>By Fisher's z with the effective sample size.</source>
        <translation>按有效样本量的 Fisher z 变换。</translation>
    </message>
    <message>
        <source>Upper end of R's 95 % interval</source>
        <translation>R 的 95 % 区间上限</translation>
    </message>
    <message>
        <source>Table of cells</source>
        <translation>格网表</translation>
    </message>
    <message>
        <source>One line per cell with every measure.</source>
        <translation>每格网一行，含全部指标。</translation>
    </message>
    <message>
        <source>Table by season, soil and class</source>
        <translation>按季节、土壤状态和类别的表格</translation>
    </message>
    <message>
        <source>Means over the cells in each.</source>
        <translation>每一组中各格网的平均。</translation>
    </message>
    <message>
        <source>Figures and tables, the paper's numbers beside.</source>
        <translation>图和表，附论文数值。</translation>
    </message>
    <message>
        <source>Folder of figures</source>
        <translation>图件文件夹</translation>
    </message>
    <message>
        <source>Every figure as PNG at 300 dpi, PDF and SVG, with its numbers as CSV; for a publication.</source>
        <translation>每幅图的 300 dpi PNG、PDF 和 SVG 及其 CSV 数据；用于发表。</translation>
    </message>
    <message>
        <source>Load stations</source>
        <translation>加载站点</translation>
    </message>
    <message>
        <source>Reads in situ soil moisture: a folder or zip from the International Soil Moisture Network, or a table of any layout with a column mapping; applies the quality flags, and writes points and one file of all series.</source>
        <translation>读取实测土壤湿度：国际土壤湿度网（ISMN）的文件夹或 zip，或任意布局的表格（带列映射）；应用质量标志，写出点图层和包含全部序列的一个文件。</translation>
    </message>
    <message>
        <source>An ISMN download, unpacked. Give either this or the file.</source>
        <translation>解压后的 ISMN 下载。此项与文件二选一。</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>An ISMN zip, a CSV or XLSX table, or a series file.</source>
        <translation>ISMN zip、CSV 或 XLSX 表格，或序列文件。</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>观测网</translation>
    </message>
    <message>
        <source>Names with commas between; empty: all.</source>
        <translation>名称以逗号分隔；留空：全部。</translation>
    </message>
    <message>
        <source>Depth (m)</source>
        <translation>深度（m）</translation>
    </message>
    <message>
        <source>Upper and lower limit.</source>
        <translation>上限和下限。</translation>
    </message>
    <message>
        <source>Accepted flags</source>
        <translation>接受的标志</translation>
    </message>
    <message>
        <source>ISMN quality flags with commas between.</source>
        <translation>ISMN 质量标志，以逗号分隔。</translation>
    </message>
    <message>
        <source>Column mapping</source>
        <translation>列映射</translation>
    </message>
    <message>
        <source>For tables: 'time=date, clock=hour, value=sm, station=site, network=net, lat=31.2, lon=91.8, depth=depth, zone=+8, unit=%, dates=dmy'. Columns by name; station, network, lat, lon and depth also one for all; clock where it is apart from the date; dates: dmy or mdy. What the table itself tells may be left out.</source>
        <translation>用于表格：“time=date, clock=hour, value=sm, station=site, network=net, lat=31.2, lon=91.8, depth=depth, zone=+8, unit=%, dates=dmy”。各列用列名指定；station、network、lat、lon 和 depth 也可给出对全表适用的一个值；clock 用于时刻与日期分列时；dates 为 dmy（日月年）或 mdy（月日年）。表中已说明的内容可省略。</translation>
    </message>
    <message>
        <source>One point per station and depth.</source>
        <translation>每个站点和深度一个点。</translation>
    </message>
    <message>
        <source>All series in one NetCDF file (.nc), for 'Validate against stations'.</source>
        <translation>全部序列写入一个 NetCDF 文件（.nc），供“Validate against stations”使用。</translation>
    </message>
    <message>
        <source>Validate against stations</source>
        <translation>与站点对比验证</translation>
    </message>
    <message>
        <source>Compares ANN-SM, and beside it LPRM, JAXA, SMOS, GLDAS and SMAP where they are given, with in situ soil moisture: stations in one cell are averaged and compared at the local hour of the overpass. BIAS = in situ - product, negative where the product is too wet. What was read of the products at the cells is kept beside the table (.series.npz), so that the next run opens new and changed files only.</source>
        <translation>将 ANN-SM 以及所给的 LPRM、JAXA、SMOS、GLDAS 和 SMAP 与实测土壤湿度比较：同一格网内的站点取平均，在过境地方时比较。BIAS = 实测 − 产品，产品偏湿处为负。已读取的产品格网值保存在表格旁（.series.npz），下次只打开新的和有变化的文件。</translation>
    </message>
    <message>
        <source>Station cells</source>
        <translation>站点格网数</translation>
    </message>
    <message>
        <source>An ISMN folder or zip, or the series file of 'Load stations'. Scripts may give ``Station`` objects.</source>
        <translation>ISMN 文件夹或 zip，或“Load stations”的序列文件。脚本可给出 ``Station`` 对象。</translation>
    </message>
    <message>
        <source>LPRM</source>
        <translation>LPRM</translation>
    </message>
    <message>
        <source>Folder of LPRM AMSR files.</source>
        <translation>LPRM AMSR 文件夹。</translation>
    </message>
    <message>
        <source>JAXA soil moisture</source>
        <translation>JAXA 土壤湿度</translation>
    </message>
    <message>
        <source>Folder of JAXA SMC files.</source>
        <translation>JAXA SMC 文件夹。</translation>
    </message>
    <message>
        <source>SMOS</source>
        <translation>SMOS</translation>
    </message>
    <message>
        <source>Folder of CATDS L3 files.</source>
        <translation>CATDS L3 文件夹。</translation>
    </message>
    <message>
        <source>Local date; empty: the first of ANN-SM.</source>
        <translation>地方日期；留空：ANN-SM 的首日。</translation>
    </message>
    <message>
        <source>Local date; empty: the last of ANN-SM.</source>
        <translation>地方日期；留空：ANN-SM 的末日。</translation>
    </message>
    <message>
        <source>Adds GLDAS and, where the cube has it, SMAP.</source>
        <translation>加入 GLDAS，以及立方体含有的 SMAP。</translation>
    </message>
    <message>
        <source>Hour of comparison</source>
        <translation>比较时刻</translation>
    </message>
    <message>
        <source>Local solar time of the stations' measurement, the nearest within an hour; or the mean of the day.</source>
        <translation>站点观测的地方太阳时，取一小时内最近者；或日平均。</translation>
    </message>
    <message>
        <source>Band of LPRM</source>
        <translation>LPRM 波段</translation>
    </message>
    <message>
        <source>C1, C2 or X band.</source>
        <translation>C1、C2 或 X 波段。</translation>
    </message>
    <message>
        <source>From sites to the cell</source>
        <translation>由站点到格网</translation>
    </message>
    <message>
        <source>Mean of the sites (the paper); the site that stays nearest to their mean (temporal stability, Vachaud 1985); weights by inverse error variance from triple collocation (three sites at least); or by the area nearest to each site (Voronoi).</source>
        <translation>站点平均（论文）；最接近站点平均的代表性站点（时间稳定性，Vachaud 1985）；按三重配准所得误差方差的倒数加权（至少三个站点）；或按距各站点最近的面积加权（Voronoi）。</translation>
    </message>
    <message>
        <source>Depth of the sensors</source>
        <translation>传感器深度</translation>
    </message>
    <message>
        <source>Brings the products of the surface to the depth of deeper sensors by the exponential filter (Wagner 1999, Albergel 2008): with the time constant of every product and cell that fits best, or with a given one. None: they are compared as they are.</source>
        <translation>用指数滤波（Wagner 1999，Albergel 2008）将表层产品换算到较深传感器的深度：时间常数取各产品、各格网拟合最佳者，或取给定值。none：按原样比较。</translation>
    </message>
    <message>
        <source>Time constant (days)</source>
        <translation>时间常数（天）</translation>
    </message>
    <message>
        <source>Of the exponential filter, where it is given.</source>
        <translation>指数滤波的时间常数，在给定时使用。</translation>
    </message>
    <message>
        <source>One point per station cell with the statistics.</source>
        <translation>每个站点格网一个点，含统计值。</translation>
    </message>
    <message>
        <source>One row per cell and product.</source>
        <translation>每格网每产品一行。</translation>
    </message>
    <message>
        <source>Table of sites</source>
        <translation>站点表</translation>
    </message>
    <message>
        <source>One row per site: weight, temporal stability, changes of probes.</source>
        <translation>每个站点一行：权重、时间稳定性、探头更换。</translation>
    </message>
    <message>
        <source>Means of every product in each.</source>
        <translation>各产品在每一组中的平均。</translation>
    </message>
    <message>
        <source>Triple collocation</source>
        <translation>三重配准</translation>
    </message>
    <message>
        <source>Estimates the error standard deviation of three products and their correlation with the unknown truth, cell by cell, from their common days alone. Triple collocation takes the errors of the three products as independent of each other and of the truth. ANN-SM is trained on SMAP, fed with GLDAS and driven by AMSR brightness temperature: beside SMAP, GLDAS or an AMSR retrieval (LPRM, JAXA) both seem better than they are, and the third seems worse. Choose three that share as little as possible, such as ANN-SM, SMOS and stations. How a station or a coarse pixel differs from the mean of its cell counts as its error. Pairs that are known to share something are named in the log and in the report.</source>
        <translation>仅用三个产品的共同日期，逐格网估计各自的误差标准差及其与未知真值的相关。三重配准假定三个产品的误差彼此独立且独立于真值。ANN-SM 以 SMAP 训练、输入 GLDAS、由 AMSR 亮度温度驱动：与 SMAP、GLDAS 或 AMSR 反演（LPRM、JAXA）同用时两者显得更好而第三者显得更差。请选择共享最少的三个，如 ANN-SM、SMOS 和站点。站点或粗像元与格网平均的差异计为其误差。已知有共享的产品对会在日志和报告中指出。</translation>
    </message>
    <message>
        <source>Cells estimated</source>
        <translation>有估计的格网数</translation>
    </message>
    <message>
        <source>Mean error standard deviation of X (m3 m-3)</source>
        <translation>X 的平均误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean error standard deviation of Y (m3 m-3)</source>
        <translation>Y 的平均误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean error standard deviation of Z (m3 m-3)</source>
        <translation>Z 的平均误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>Mean R of X with the truth</source>
        <translation>X 与真值的平均 R</translation>
    </message>
    <message>
        <source>Mean R of Y with the truth</source>
        <translation>Y 与真值的平均 R</translation>
    </message>
    <message>
        <source>Mean R of Z with the truth</source>
        <translation>Z 与真值的平均 R</translation>
    </message>
    <message>
        <source>Product X</source>
        <translation>产品 X</translation>
    </message>
    <message>
        <source>A cube, an ANN-SM file, a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files, or stations (ISMN folder or zip, or a series file).</source>
        <translation>立方体、ANN-SM 文件、LPRM/JAXA/SMOS/SMAP/GLDAS 文件夹，或站点（ISMN 文件夹、zip 或序列文件）。</translation>
    </message>
    <message>
        <source>Product Y</source>
        <translation>产品 Y</translation>
    </message>
    <message>
        <source>Product Z</source>
        <translation>产品 Z</translation>
    </message>
    <message>
        <source>Local date; empty: the first day that all three can have.</source>
        <translation>地方日期；留空：三者都可能有值的首日。</translation>
    </message>
    <message>
        <source>Local date; empty: the last day that all three can have.</source>
        <translation>地方日期；留空：三者都可能有值的末日。</translation>
    </message>
    <message>
        <source>Which of X</source>
        <translation>X 的具体变量</translation>
    </message>
    <message>
        <source>In a file the variable: soil_moisture, smap or gldas of a cube, or another name; in a folder of several products one of lprm, jaxa, smos, smap, gldas, stations; for LPRM also the band, c, c2 or x. Empty where there is no choice.</source>
        <translation>文件中为变量：立方体的 soil_moisture、smap 或 gldas，或其他名称；含多个产品的文件夹为 lprm、jaxa、smos、smap、gldas、stations 之一；LPRM 还可为波段 c、c2 或 x。无需选择时留空。</translation>
    </message>
    <message>
        <source>Which of Y</source>
        <translation>Y 的具体变量</translation>
    </message>
    <message>
        <source>Which of Z</source>
        <translation>Z 的具体变量</translation>
    </message>
    <message>
        <source>Empty: the cells that the files have in common; with folders alone the plateau.</source>
        <translation>留空：各文件共有的格网；若只有文件夹则为青藏高原。</translation>
    </message>
    <message>
        <source>Window of anomalies (days)</source>
        <translation>距平窗口（天）</translation>
    </message>
    <message>
        <source>0: the values as they are. Otherwise the mean of so many days around each day is taken away first (35 is usual), so that the season, which all three follow, does not count as skill. Where a window holds few days, part of the error is taken away too.</source>
        <translation>0：原值。否则先减去各日前后若干天的平均（通常为 35），使三者都遵循的季节变化不计为技巧。窗口内日数少时，部分误差也会被去除。</translation>
    </message>
    <message>
        <source>A cell with fewer days that all three have gets no estimate.</source>
        <translation>三者共有日数更少的格网没有估计。</translation>
    </message>
    <message>
        <source>Bootstrap draws</source>
        <translation>自助抽样次数</translation>
    </message>
    <message>
        <source>For the 95 % intervals in the report, blocks of 30 days at a time; at least 40, or 0 for none.</source>
        <translation>用于报告中的 95 % 区间，每次抽取 30 天的块；至少 40，0 表示不做。</translation>
    </message>
    <message>
        <source>The same seed gives the same intervals.</source>
        <translation>相同的种子得到相同的区间。</translation>
    </message>
    <message>
        <source>Error standard deviation of X (m3 m-3)</source>
        <translation>X 的误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>In the data space of the product itself.</source>
        <translation>以该产品自身的数据空间表示。</translation>
    </message>
    <message>
        <source>Error standard deviation of Y (m3 m-3)</source>
        <translation>Y 的误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>Error standard deviation of Z (m3 m-3)</source>
        <translation>Z 的误差标准差（m3 m-3）</translation>
    </message>
    <message>
        <source>R of X with the truth</source>
        <translation>X 与真值的 R</translation>
    </message>
    <message>
        <source>Correlation with the unknown true soil moisture.</source>
        <translation>与未知的真实土壤湿度的相关。</translation>
    </message>
    <message>
        <source>R of Y with the truth</source>
        <translation>Y 与真值的 R</translation>
    </message>
    <message>
        <source>R of Z with the truth</source>
        <translation>Z 与真值的 R</translation>
    </message>
    <message>
        <source>Days on which all three have a value.</source>
        <translation>三者都有值的日数。</translation>
    </message>
    <message>
        <source>Assumption, maps, distributions and a table.</source>
        <translation>假设、地图、分布和表格。</translation>
    </message>
    <message>
        <source>Compare methods</source>
        <translation>比较方法</translation>
    </message>
    <message>
        <source>Compares the paper's network with CDF matching, multiple linear regression, random forest and GRNN, and with two controls: the network without brightness temperatures and the day-of-year climatology. All have the same cells, days and split and are judged on the testing samples. Shuffling one input at a time shows which inputs the network uses. A method whose Python package is missing is left out and named.</source>
        <translation>将论文的网络与 CDF 匹配、多元线性回归、随机森林和 GRNN 以及两个对照（无亮度温度的网络、日气候态）比较。所有方法使用相同的格网、日期和划分，并按测试样本评价。逐个打乱输入可显示网络使用了哪些输入。缺少 Python 软件包的方法被略去并指明。</translation>
    </message>
    <message>
        <source>Cells compared</source>
        <translation>参与比较的格网数</translation>
    </message>
    <message>
        <source>Mean R of the network</source>
        <translation>网络的平均 R</translation>
    </message>
    <message>
        <source>Mean RMSE of the network (m3 m-3)</source>
        <translation>网络的平均 RMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Lowest mean RMSE (m3 m-3)</source>
        <translation>最小平均 RMSE（m3 m-3）</translation>
    </message>
    <message>
        <source>Method with the lowest mean RMSE</source>
        <translation>平均 RMSE 最小的方法</translation>
    </message>
    <message>
        <source>'random' is the paper's; 'blocks' (of 30 days) and 'leave_one_year_out' keep neighbouring days together, so that testing errors are not too small; 'leave_regions_out' keeps the target of whole patches of cells from the methods that learn from all cells.</source>
        <translation>“random”为论文的做法；“blocks”（30 天一段）和“leave_one_year_out”使相邻日期不分开，避免检验误差偏小；“leave_regions_out”不让从所有格网学习的方法看到成片格网的目标值。</translation>
    </message>
    <message>
        <source>Networks trained per cell; the one with the lowest validation error counts.</source>
        <translation>每格网训练的网络数；取验证误差最小者。</translation>
    </message>
    <message>
        <source>The same seed gives the same numbers.</source>
        <translation>相同的种子得到相同的数值。</translation>
    </message>
    <message>
        <source>Cells with fewer complete days are left out.</source>
        <translation>完整日数更少的格网被排除。</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Any of network, regional, refined, rfsm, nnsm, cci, cdf, linear, forest, grnn, network_without_tb, climatology; all by default.</source>
        <translation>network、regional、refined、rfsm、nnsm、cci、cdf、linear、forest、grnn、network_without_tb、climatology 中的任意几个；默认全部。</translation>
    </message>
    <message>
        <source>Product for CDF matching</source>
        <translation>CDF 匹配的产品</translation>
    </message>
    <message>
        <source>The input whose distribution is matched to that of SMAP; empty: sm_gldas.</source>
        <translation>其分布与 SMAP 相匹配的输入；留空：sm_gldas。</translation>
    </message>
    <message>
        <source>One row per method: mean and standard deviation of its errors over the cells, and the time taken.</source>
        <translation>每种方法一行：各格网误差的平均和标准差，以及用时。</translation>
    </message>
    <message>
        <source>Table, figure and maps in one page.</source>
        <translation>表格、图和地图在一页中。</translation>
    </message>
    <message>
        <source>The errors of all methods as PNG at 300 dpi; PDF, SVG and the numbers (CSV) are written beside it.</source>
        <translation>所有方法的误差，300 dpi PNG；旁边另写 PDF、SVG 和数据（CSV）。</translation>
    </message>
    <message>
        <source>Importance per cell</source>
        <translation>每格网重要性</translation>
    </message>
    <message>
        <source>One band per input: growth of the network's RMSE (m3 m-3) when it is shuffled.</source>
        <translation>每个输入一个波段：打乱该输入后网络 RMSE 的增加（m3 m-3）。</translation>
    </message>
    <message>
        <source>Table of importance</source>
        <translation>重要性表</translation>
    </message>
    <message>
        <source>One row per input: mean and standard deviation over the cells.</source>
        <translation>每个输入一行：各格网的平均和标准差。</translation>
    </message>
    <message>
        <source>Aggregate and trend</source>
        <translation>聚合与趋势</translation>
    </message>
    <message>
        <source>3 - Use</source>
        <translation>3 - 应用</translation>
    </message>
    <message>
        <source>Turns daily soil moisture into months, seasons (December to February is the winter of the January's year) or years: mean, extremes, standard deviation, number of days, and the anomaly from the same month or season of a base period. The trend of the anomalies is Theil and Sen's slope, its p-value Mann and Kendall's with Hamed and Rao's variance for autocorrelated series. A record that spans AMSR-E and AMSR2 may hold a step between them that passes for a trend.</source>
        <translation>将逐日土壤湿度聚合为月、季（12 月至 2 月为 1 月所在年份的冬季）或年：平均、极值、标准差、日数，以及相对基准期同月或同季的距平。距平趋势为 Theil-Sen 斜率，p 值为考虑自相关（Hamed 和 Rao 方差）的 Mann-Kendall 检验。跨越 AMSR-E 和 AMSR2 的记录可能含有被误认为趋势的跳变。</translation>
    </message>
    <message>
        <source>Periods</source>
        <translation>时段数</translation>
    </message>
    <message>
        <source>Median trend per year</source>
        <translation>每年趋势的中位数</translation>
    </message>
    <message>
        <source>Cells with p &lt; 0.05</source>
        <translation>p &lt; 0.05 的格网数</translation>
    </message>
    <message>
        <source>ANN-SM or cube</source>
        <translation>ANN-SM 或立方体</translation>
    </message>
    <message>
        <source>The output of 'Reconstruct soil moisture', or a cube.</source>
        <translation>“Reconstruct soil moisture”的输出，或立方体。</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>A daily variable of the file; empty: soil_moisture, or SMAP's or GLDAS's of a cube.</source>
        <translation>文件的逐日变量；留空：soil_moisture，或立方体的 SMAP 或 GLDAS 土壤湿度。</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时段</translation>
    </message>
    <message>
        <source>Length of the periods that the days are aggregated to.</source>
        <translation>逐日数据聚合成的时段长度。</translation>
    </message>
    <message>
        <source>Base period</source>
        <translation>基准期</translation>
    </message>
    <message>
        <source>Years of the climatology, such as '2003-2010'; empty: all.</source>
        <translation>气候态的年份，如“2003-2010”；留空：全部。</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计量</translation>
    </message>
    <message>
        <source>What is written beside the number of days.</source>
        <translation>除日数外写出的内容。</translation>
    </message>
    <message>
        <source>Fewest days in a month</source>
        <translation>每月最少日数</translation>
    </message>
    <message>
        <source>A month with fewer values is missing; a season needs three times, a year twelve times as many.</source>
        <translation>日数更少的月份为缺测；季需三倍，年需十二倍。</translation>
    </message>
    <message>
        <source>Aggregated</source>
        <translation>聚合结果</translation>
    </message>
    <message>
        <source>One band per period and statistic (CF NetCDF).</source>
        <translation>每个时段和统计量一个波段（CF NetCDF）。</translation>
    </message>
    <message>
        <source>Trend per year</source>
        <translation>每年趋势</translation>
    </message>
    <message>
        <source>Theil and Sen's slope of the anomalies, in the variable's unit per year.</source>
        <translation>距平的 Theil-Sen 斜率，单位为变量单位每年。</translation>
    </message>
    <message>
        <source>Significance of the trend (p)</source>
        <translation>趋势显著性（p）</translation>
    </message>
    <message>
        <source>Mann and Kendall's p, for autocorrelated series.</source>
        <translation>适用于自相关序列的 Mann-Kendall p 值。</translation>
    </message>
    <message>
        <source>Extract series</source>
        <translation>提取序列</translation>
    </message>
    <message>
        <source>Takes daily series out of ANN-SM, a cube or a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files: of a point's cell, or the mean of a polygon such as a basin, its cells weighted by the area that it covers of each. Layers in any reference system. A place outside the cells is said and has no line in the table.</source>
        <translation>从 ANN-SM、立方体或 LPRM、JAXA、SMOS、SMAP、GLDAS 文件夹提取逐日序列：点所在格网的值，或多边形（如流域）内按覆盖面积加权的格网平均。图层可为任意坐标系。位于格网之外的地点会被指出，且不写入表格。</translation>
    </message>
    <message>
        <source>Places with a value</source>
        <translation>有值的地点数</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值个数</translation>
    </message>
    <message>
        <source>ANN-SM, cube or folder</source>
        <translation>ANN-SM、立方体或文件夹</translation>
    </message>
    <message>
        <source>A file, or a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files.</source>
        <translation>文件，或 LPRM、JAXA、SMOS、SMAP、GLDAS 文件夹。</translation>
    </message>
    <message>
        <source>Points or polygons</source>
        <translation>点或多边形</translation>
    </message>
    <message>
        <source>Stations, cities, basins.</source>
        <translation>站点、城市、流域。</translation>
    </message>
    <message>
        <source>Field of the names</source>
        <translation>名称字段</translation>
    </message>
    <message>
        <source>Empty: name, station, site or id, or else the feature's number.</source>
        <translation>留空：name、station、site 或 id，否则用要素编号。</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Names with commas between; in a folder the product or the band of LPRM. Empty: soil moisture.</source>
        <translation>名称以逗号分隔；文件夹时为产品或 LPRM 波段。留空：土壤湿度。</translation>
    </message>
    <message>
        <source>Local date; empty: the first there is.</source>
        <translation>地方日期；留空：最早的日期。</translation>
    </message>
    <message>
        <source>Local date; empty: the last there is.</source>
        <translation>地方日期；留空：最晚的日期。</translation>
    </message>
    <message>
        <source>Least share of an area</source>
        <translation>面积的最小份额</translation>
    </message>
    <message>
        <source>Less of a polygon with a value: the day is missing.</source>
        <translation>多边形中有值部分小于该份额时，当日为缺测。</translation>
    </message>
    <message>
        <source>A line per place and day.</source>
        <translation>每地点每日一行。</translation>
    </message>
    <message>
        <source>The first eight places (PNG at 300 dpi; PDF, SVG and the numbers beside).</source>
        <translation>前八个地点（300 dpi PNG；旁边另写 PDF、SVG 和数据）。</translation>
    </message>
    <message>
        <source>Report of the study</source>
        <translation>研究报告</translation>
    </message>
    <message>
        <source>Makes one report of what the steps left in a folder: study area, products, flow of the data, sensitivity, training, accuracy against SMAP and stations, triple collocation, other methods, trends, and the limits that are true of this study. Beside the page and its PDF stands a folder with every figure for a publication, a methods section in words with this study's numbers and choices, and the references. What is missing is left out, with a line that says how to produce it.</source>
        <translation>将各步骤在一个文件夹中留下的结果汇成一份报告：研究区、产品、数据流程、敏感性、训练、相对 SMAP 和站点的精度、三重配准、其他方法、趋势，以及本研究确实存在的局限。网页及其 PDF 旁另有一个文件夹，含用于发表的每幅图、写有本研究数值和选择的方法部分文字以及参考文献。缺少的内容被略去，并以一行文字说明如何得到。</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>图件数</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格数</translation>
    </message>
    <message>
        <source>Numbers with a source</source>
        <translation>注明出处的数值个数</translation>
    </message>
    <message>
        <source>Folder of results</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>The folder in which the steps wrote their files; the folders in it count too.</source>
        <translation>各步骤写出文件的文件夹；其中的子文件夹也计入。</translation>
    </message>
    <message>
        <source>Results, one by one</source>
        <translation>逐个指定的结果</translation>
    </message>
    <message>
        <source>Files that the steps wrote, each with its run record beside: cube, model, ANN-SM, tables.</source>
        <translation>各步骤写出的文件，旁边均有其运行记录：数据立方体、模型、ANN-SM、表格。</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Empty: soil moisture from satellites, with the region and the period.</source>
        <translation>留空：卫星土壤湿度，并附区域和时段。</translation>
    </message>
    <message>
        <source>Map of the study area</source>
        <translation>研究区地图</translation>
    </message>
    <message>
        <source>A raster that is shown behind the stations, such as elevation; empty: the leaf area index of the cube.</source>
        <translation>显示在站点之下的栅格，如高程；留空：立方体的叶面积指数。</translation>
    </message>
    <message>
        <source>Label of that map</source>
        <translation>该地图的图例标注</translation>
    </message>
    <message>
        <source>What it shows, with the unit.</source>
        <translation>地图所示的量及其单位。</translation>
    </message>
    <message>
        <source>One page with all figures, for a browser.</source>
        <translation>含全部图件的一个网页，用浏览器查看。</translation>
    </message>
    <message>
        <source>Report as PDF</source>
        <translation>PDF 报告</translation>
    </message>
    <message>
        <source>The same on A4 pages.</source>
        <translation>相同内容，A4 页面。</translation>
    </message>
    <message>
        <source>Figures, methods and references</source>
        <translation>图件、方法和参考文献</translation>
    </message>
    <message>
        <source>Every figure as PDF, SVG and PNG at 300 dpi with its numbers; methods.txt, references.bib, and numbers.csv, which says where every number of its tables and tiles comes from.</source>
        <translation>每幅图的 PDF、SVG 和 300 dpi PNG 及其数据；methods.txt、references.bib，以及说明报告的表格和数字卡片中每个数值出处的 numbers.csv。</translation>
    </message>
    <message>
        <source>Whole chain: recommended</source>
        <translation>完整流程：推荐设置</translation>
    </message>
    <message>
        <source>Whole chain: Wang &amp; Xu 2021</source>
        <translation>完整流程：Wang &amp; Xu 2021</translation>
    </message>
    <message>
        <source>Study: from folders to the report</source>
        <translation>研究：从文件夹到报告</translation>
    </message>
    <message>
        <source>Folder of JAXA L3 files.</source>
        <translation>JAXA L3 文件夹。</translation>
    </message>
    <message>
        <source>Folder of SPL3SMP files.</source>
        <translation>SPL3SMP 文件夹。</translation>
    </message>
    <message>
        <source>Folder of MODIS 15A2H files or an AppEEARS export.</source>
        <translation>MODIS 15A2H 文件夹或 AppEEARS 导出。</translation>
    </message>
    <message>
        <source>Empty: the Qinghai-Tibet Plateau.</source>
        <translation>留空：青藏高原。</translation>
    </message>
    <message>
        <source>First day of the record</source>
        <translation>记录首日</translation>
    </message>
    <message>
        <source>Local date; the AMSR record begins in June 2002.</source>
        <translation>地方日期；AMSR 记录始于 2002 年 6 月。</translation>
    </message>
    <message>
        <source>Last day of the record</source>
        <translation>记录末日</translation>
    </message>
    <message>
        <source>Matched cube</source>
        <translation>匹配后的立方体</translation>
    </message>
    <message>
        <source>Trained model</source>
        <translation>训练好的模型</translation>
    </message>
    <message>
        <source>BIAS against SMAP</source>
        <translation>相对 SMAP 的 BIAS</translation>
    </message>
    <message>
        <source>R against SMAP</source>
        <translation>相对 SMAP 的 R</translation>
    </message>
    <message>
        <source>Validation report</source>
        <translation>验证报告</translation>
    </message>
    <message>
        <source>RMSE against SMAP</source>
        <translation>相对 SMAP 的 RMSE</translation>
    </message>
    <message>
        <source>An ISMN folder or zip, or the series file of 'Load stations'.</source>
        <translation>ISMN 文件夹或 zip，或“Load stations”的序列文件。</translation>
    </message>
    <message>
        <source>First day at stations</source>
        <translation>站点对比首日</translation>
    </message>
    <message>
        <source>Local date; empty: the first of the record.</source>
        <translation>地方日期；留空：记录的首日。</translation>
    </message>
    <message>
        <source>Last day at stations</source>
        <translation>站点对比末日</translation>
    </message>
    <message>
        <source>Local date; empty: the last of the record.</source>
        <translation>地方日期；留空：记录的末日。</translation>
    </message>
    <message>
        <source>Title of the report</source>
        <translation>报告标题</translation>
    </message>
    <message>
        <source>Empty: the region.</source>
        <translation>留空：所用区域。</translation>
    </message>
    <message>
        <source>Monthly soil moisture</source>
        <translation>逐月土壤湿度</translation>
    </message>
    <message>
        <source>Significance of the trend</source>
        <translation>趋势显著性</translation>
    </message>
    <message>
        <source>Table of the methods</source>
        <translation>方法比较表</translation>
    </message>
    <message>
        <source>ANN-SM without gaps</source>
        <translation>无缺测的 ANN-SM</translation>
    </message>
    <message>
        <source>Table of the sensitivity</source>
        <translation>敏感性分析表</translation>
    </message>
    <message>
        <source>Table of the sites</source>
        <translation>站点表</translation>
    </message>
    <message>
        <source>Table of the stations</source>
        <translation>站点格网统计表</translation>
    </message>
    <message>
        <source>JAXA L3 files of AMSR2 and AMSR-E</source>
        <translation>AMSR2 和 AMSR-E 的 JAXA L3 文件</translation>
    </message>
    <message>
        <source>SPL3SMP files</source>
        <translation>SPL3SMP 文件</translation>
    </message>
    <message>
        <source>GLDAS-2.1 Noah 3-hourly files</source>
        <translation>GLDAS-2.1 Noah 3 小时文件</translation>
    </message>
    <message>
        <source>MODIS 15A2H files or an AppEEARS export</source>
        <translation>MODIS 15A2H 文件或 AppEEARS 导出</translation>
    </message>
    <message>
        <source>Optional: LPRM AMSR files, to stand beside ANN-SM at the stations</source>
        <translation>可选：LPRM AMSR 文件，在站点处与 ANN-SM 并列比较</translation>
    </message>
    <message>
        <source>Optional: JAXA SMC files, to stand beside ANN-SM at the stations</source>
        <translation>可选：JAXA SMC 文件，在站点处与 ANN-SM 并列比较</translation>
    </message>
    <message>
        <source>Optional: CATDS L3 files, to stand beside ANN-SM at the stations</source>
        <translation>可选：CATDS L3 文件，在站点处与 ANN-SM 并列比较</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>被中断</translation>
    </message>
</context>
</TS>
